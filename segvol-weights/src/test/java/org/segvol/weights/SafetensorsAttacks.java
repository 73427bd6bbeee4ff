package org.segvol.weights;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Safetensors files with lying headers. */
final class SafetensorsAttacks {
    private static final String T = "\"image_encoder.norm.weight\":";
    private static final String GOOD = "{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,12]}";

    private SafetensorsAttacks() {}

    private static byte[] file(String header, int data) {
        return file(header.getBytes(StandardCharsets.UTF_8), data);
    }

    private static byte[] file(byte[] header, int data) {
        return new PickleBytes()
                .int64(header.length)
                .raw(header)
                .raw(new byte[data])
                .bytes();
    }

    private static String tensor(String dtype, String shape, String offsets) {
        return "{\"dtype\":" + dtype + ",\"shape\":" + shape + ",\"data_offsets\":" + offsets + "}";
    }

    static List<Attack> all() {
        List<Attack> attacks = new ArrayList<>();
        attacks.add(Attack.harmless("plain", file("{" + T + GOOD + "}", 12)));
        attacks.add(Attack.harmless("padded", file("{" + T + GOOD + "}      ", 12)));
        attacks.add(Attack.harmless(
                "empty tensors",
                file(
                        "{" + T + GOOD + ",\"x\":" + tensor("\"F32\"", "[3,0]", "[12,12]") + ",\"y\":"
                                + tensor("\"F32\"", "[0]", "[0,0]") + "}",
                        12)));
        attacks.addAll(lengths());
        attacks.addAll(texts());
        attacks.addAll(tensors());
        return attacks;
    }

    private static List<Attack> lengths() {
        List<Attack> attacks = new ArrayList<>();
        byte[] header = ("{" + T + GOOD + "}").getBytes(StandardCharsets.UTF_8);
        for (long length : new long[] {
            0,
            1,
            2,
            header.length - 1,
            header.length + 1,
            header.length + 12,
            header.length + 13,
            8 << 20,
            1L << 31,
            1L << 32,
            1L << 39,
            1L << 40,
            1L << 62,
            Long.MAX_VALUE,
            -1,
            Long.MIN_VALUE
        }) {
            attacks.add(Attack.refused(
                    "header length " + length,
                    new PickleBytes()
                            .int64(length)
                            .raw(header)
                            .raw(new byte[12])
                            .bytes()));
        }
        byte[] long8 = new byte[(8 << 20) + 1];
        java.util.Arrays.fill(long8, (byte) ' ');
        System.arraycopy(header, 0, long8, 0, header.length);
        attacks.add(Attack.refused("header of 8 MiB and one byte", file(long8, 12)));
        attacks.add(Attack.refused("data cut", file(header, 11)));
        attacks.add(Attack.refused("data and a byte", file(header, 13)));
        attacks.add(Attack.refused(
                "zip at the end",
                new PickleBytes()
                        .raw(file(header, 12))
                        .raw(ZipAttacks.plain().bytes())
                        .bytes()));
        attacks.add(Attack.refused(
                "pickle at the end",
                new PickleBytes()
                        .raw(file(header, 12))
                        .global("os", "system")
                        .op('.')
                        .bytes()));
        return attacks;
    }

    private static List<Attack> texts() {
        List<Attack> attacks = new ArrayList<>();
        for (String text : new String[] {
            "{",
            "{}x",
            "{" + T,
            "{" + T + GOOD,
            "{" + T + GOOD + ",}",
            "{" + T + GOOD + "}{}",
            "{'a':1}",
            "{a:1}",
            "{" + T + "null}",
            "{" + T + "[]}",
            "{" + T + "\"F32\"}",
            "{" + T + "1}",
            "{" + T + "{}}",
            "{\"__metadata__\":[]}",
            "{\"__metadata__\":{\"a\":1}}",
            "{\"__metadata__\":{\"a\":{}}}",
            "{\"__metadata__\":null}",
            "{}",
            "{" + T + GOOD + "," + T + GOOD + "}",
            "{" + T + GOOD + ",\"image\\u005fencoder.norm.weight\":" + GOOD + "}",
            "{\"__metadata__\":{},\"__metadata__\":{}," + T + GOOD + "}",
            "{" + T + tensor("\"F32\"", "[3]", "[0,12]").replace("}", ",\"dtype\":\"F16\"}") + "}",
            "{\"\\ud800\":" + "1}",
            "{\"a\\x\":1}",
            "{\"a\u0000\":1}",
            "{\"a\nb\":1}",
            "\ufeff{" + T + GOOD + "}",
            " {" + T + GOOD + "}",
            "[" + T + "]",
            "{\"a\":NaN}",
            "{\"a\":Infinity}",
            "{\"a\":-}",
            "{\"a\":1e}",
            "{\"a\":01}",
            "{\"a\":+1}",
            "{\"a\":tru}",
            "{\"a\":" + "9".repeat(100) + "}",
            "{\"a\":1e999999999}",
            "{\"a\":" + "[".repeat(100_000),
            "{\"a\":" + "[".repeat(31) + "]".repeat(31) + "}",
            "{\"a\":" + "{\"a\":".repeat(100_000),
            "{\"__metadata__\":{" + "\"x\":\"y\",".repeat(1000) + "}}"
        }) {
            attacks.add(Attack.refused("header " + text.substring(0, Math.min(60, text.length())), file(text, 12)));
        }
        byte[] header = ("{" + T + GOOD + "}").getBytes(StandardCharsets.UTF_8);
        for (int bad : new int[] {0x80, 0xc0, 0xc1, 0xed, 0xf5, 0xfe, 0xff}) {
            byte[] broken = header.clone();
            broken[5] = (byte) bad;
            attacks.add(Attack.refused("byte " + Integer.toHexString(bad) + " in a name", file(broken, 12)));
        }
        attacks.add(Attack.refused("UTF-16", file(("{" + T + GOOD + "}").getBytes(StandardCharsets.UTF_16LE), 12)));
        StringBuilder many = new StringBuilder("{");
        for (int i = 0; i < 60_000; i++) {
            many.append("\"").append(i).append("\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]},");
        }
        attacks.add(Attack.refused(
                "60000 tensors", file(many.append(T).append(GOOD).append("}").toString(), 12)));
        return attacks;
    }

    private static List<Attack> tensors() {
        List<Attack> attacks = new ArrayList<>();
        for (String dtype : new String[] {
            "\"F8_E5M2\"",
            "\"F8_E4M3\"",
            "\"C64\"",
            "\"U128\"",
            "\"f32\"",
            "\"\"",
            "\"F32\\u0000\"",
            "null",
            "1",
            "[]",
            "\"F4\"",
            "\"JAVA\""
        }) {
            attacks.add(Attack.refused("type " + dtype, file("{" + T + tensor(dtype, "[3]", "[0,12]") + "}", 12)));
        }
        for (String shape : new String[] {
            "[4]",
            "[2]",
            "[-3]",
            "[-1,-3]",
            "[3.0]",
            "[3e0]",
            "[\"3\"]",
            "[null]",
            "[[3]]",
            "{}",
            "null",
            "3",
            "[9223372036854775807]",
            "[9223372036854775808]",
            "[4294967296,4294967296]",
            "[65536,65536,65536,65536]",
            "[4611686018427387904,4]",
            "[3,4611686018427387904]",
            "[0]",
            "[]",
            "[3,0]",
            "[0,9223372036854775807,9223372036854775807]",
            "[" + "1,".repeat(16) + "3]",
            "[" + "1,".repeat(100_000) + "3]",
            "[1,1,1,-0,3]"
        }) {
            attacks.add(Attack.refused(
                    "shape " + shape.substring(0, Math.min(50, shape.length())),
                    file("{" + T + tensor("\"F32\"", shape, "[0,12]") + "}", 12)));
        }
        for (String offsets : new String[] {
            "[0,11]",
            "[0,13]",
            "[1,13]",
            "[12,0]",
            "[-12,0]",
            "[0,12,24]",
            "[0]",
            "[]",
            "[0,9223372036854775807]",
            "[9223372036854775807,0]",
            "[-9223372036854775808,9223372036854775807]",
            "[0,18446744073709551628]",
            "[0.0,12.0]",
            "[\"0\",\"12\"]",
            "null",
            "{}",
            "[4,16]",
            "[24,36]",
            "[12,24]"
        }) {
            attacks.add(
                    Attack.refused("offsets " + offsets, file("{" + T + tensor("\"F32\"", "[3]", offsets) + "}", 12)));
        }
        String second = ",\"image_encoder.norm.bias\":";
        for (String offsets : new String[] {"[0,12]", "[4,16]", "[8,20]", "[13,25]", "[16,28]", "[24,36]"}) {
            attacks.add(Attack.refused(
                    "second tensor at " + offsets,
                    file("{" + T + GOOD + second + tensor("\"F32\"", "[3]", offsets) + "}", 24)));
        }
        attacks.add(Attack.refused(
                "empty tensor inside of another",
                file("{" + T + GOOD + second + tensor("\"F32\"", "[0]", "[4,4]") + "}", 12)));
        attacks.add(Attack.refused("no tensor of the model", file("{\"x\":" + GOOD + "}", 12)));
        return attacks;
    }
}
