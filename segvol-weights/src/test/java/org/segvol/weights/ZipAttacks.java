package org.segvol.weights;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.zip.Deflater;
import org.segvol.weights.PickleBytes.Tensor;

/** Zip files in which one thing is said twice and differently, or that hide, repeat, overlap or inflate. */
final class ZipAttacks {
    static final String TENSOR = "module.image_encoder.norm.weight";

    private ZipAttacks() {}

    /** A plain checkpoint with one tensor {0, 1, 2}, as a start. */
    static ZipBytes plain() {
        return plain(PickleBytes.state(Map.of(TENSOR, Tensor.contiguous(3)), false));
    }

    static ZipBytes plain(byte[] pickle) {
        ZipBytes zip = new ZipBytes();
        zip.add("a/data.pkl", pickle);
        zip.add("a/byteorder", ascii("little"));
        zip.add(
                "a/data/0",
                TorchFiles.storages(Map.of(TENSOR, Tensor.contiguous(3))).get(0));
        return zip;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] with(Consumer<ZipBytes> change) {
        ZipBytes zip = plain();
        change.accept(zip);
        return zip.bytes();
    }

    private static byte[] withStorage(Consumer<ZipBytes.Entry> change) {
        return with(zip -> change.accept(zip.entries().get(2)));
    }

    private static byte[] deflated(byte[] content) {
        Deflater deflater = new Deflater(9, true);
        deflater.setInput(content);
        deflater.finish();
        byte[] out = new byte[content.length + 100];
        int length = deflater.deflate(out);
        deflater.end();
        return Arrays.copyOf(out, length);
    }

    static List<Attack> all() {
        List<Attack> attacks = new ArrayList<>();
        attacks.addAll(variantsThatOpen());
        attacks.addAll(headers());
        attacks.addAll(names());
        attacks.addAll(hiding());
        attacks.addAll(directories());
        return attacks;
    }

    /** Unusual, but every copy of every fact agrees. */
    private static List<Attack> variantsThatOpen() {
        return List.of(
                Attack.harmless("plain", plain().bytes()),
                Attack.harmless(
                        "descriptors of 16 bytes", with(zip -> zip.entries().forEach(e -> e.withDescriptor(16)))),
                Attack.harmless(
                        "descriptors of 24 bytes", with(zip -> zip.entries().forEach(e -> e.withDescriptor(24)))),
                Attack.harmless("UTF-8 flags", with(zip -> zip.entries().forEach(e -> {
                    e.localFlags = 0x800;
                    e.centralFlags = 0x800;
                }))),
                Attack.harmless("comment", with(zip -> zip.comment = ascii("a comment"))),
                Attack.harmless(
                        "comment with an end record inside", with(zip -> zip.comment = ascii("PK\5\6 and more text"))),
                Attack.harmless("comments of entries", withStorage(e -> e.entryComment = ascii("PK\1\2"))),
                Attack.harmless(
                        "padding in an extra field",
                        withStorage(e -> e.localExtra = new byte[] {'F', 'B', 2, 0, 'Z', 'Z'})),
                Attack.harmless("zip64 end record", with(zip -> zip.end64 = true)),
                Attack.harmless("zip64 end record alone", with(zip -> {
                    zip.end64 = true;
                    zip.hide32 = true;
                })));
    }

    private static List<Attack> headers() {
        List<Attack> attacks = new ArrayList<>();
        for (int flag = 0; flag < 16; flag++) {
            int bit = 1 << flag;
            attacks.add(Attack.refused("local flag " + flag + " alone", withStorage(e -> e.localFlags |= bit)));
            attacks.add(Attack.refused("central flag " + flag + " alone", withStorage(e -> e.centralFlags |= bit)));
            if (bit != 0x800) {
                attacks.add(Attack.refused("flag " + flag + " in both", withStorage(e -> {
                    e.localFlags |= bit;
                    e.centralFlags |= bit;
                })));
            }
        }
        for (int method : new int[] {1, 8, 9, 12, 14, 93, 95, 99, 0xffff}) {
            attacks.add(Attack.refused("local method " + method, withStorage(e -> e.localMethod = method)));
            attacks.add(Attack.refused("central method " + method, withStorage(e -> e.centralMethod = method)));
        }
        attacks.add(Attack.refused("wrong central checksum", withStorage(e -> e.centralCrc ^= 1)));
        attacks.add(Attack.refused("wrong local checksum", withStorage(e -> e.localCrc ^= 1)));
        attacks.add(Attack.refused("wrong checksums", withStorage(e -> {
            e.localCrc ^= 1;
            e.centralCrc ^= 1;
        })));
        attacks.add(Attack.refused("wrong checksum of the pickle", with(zip -> {
            zip.entries().get(0).localCrc ^= 1;
            zip.entries().get(0).centralCrc ^= 1;
        })));
        attacks.add(Attack.refused(
                "wrong checksum in the descriptor", withStorage(e -> e.withDescriptor(16).descriptorCrc ^= 1)));
        attacks.add(Attack.refused("no descriptor after a flag", withStorage(e -> {
            e.withDescriptor(0);
        })));
        for (int change : new int[] {-1, 1, 4, 1 << 20, Integer.MIN_VALUE}) {
            attacks.add(Attack.refused("local size off by " + change, withStorage(e -> e.localSize += change)));
            attacks.add(Attack.refused(
                    "local compressed size off by " + change, withStorage(e -> e.localCompressed += change)));
            attacks.add(Attack.refused("central size off by " + change, withStorage(e -> e.centralSize += change)));
            attacks.add(Attack.refused(
                    "central compressed size off by " + change, withStorage(e -> e.centralCompressed += change)));
            attacks.add(Attack.refused("all sizes off by " + change, withStorage(e -> {
                e.localSize += change;
                e.localCompressed += change;
                e.centralSize += change;
                e.centralCompressed += change;
            })));
            attacks.add(Attack.refused("position off by " + change, withStorage(e -> e.positionChange = change)));
        }
        attacks.add(Attack.refused("zip64 sizes without their field", withStorage(e -> e.centralSize = -1)));
        for (long value : new long[] {0, -1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 62}) {
            attacks.add(Attack.refused("zip64 size " + value, withStorage(e -> {
                e.centralSize = -1;
                e.centralCompressed = -1;
                e.centralExtra = new PickleBytes()
                        .int16(1)
                        .int16(16)
                        .int64(value)
                        .int64(value)
                        .bytes();
            })));
        }
        attacks.add(Attack.refused("local signature", withStorage(e -> e.localSignature ^= 1)));
        attacks.add(Attack.refused("central signature", withStorage(e -> e.centralSignature ^= 1)));
        attacks.add(Attack.refused("deflated pickle", with(zip -> {
            byte[] small = deflated(zip.entries().get(0).content);
            ZipBytes.Entry entry = new ZipBytes.Entry("a/data.pkl", small);
            entry.localMethod = 8;
            entry.centralMethod = 8;
            zip.entries().set(0, entry);
        })));
        attacks.add(Attack.refused("bomb", with(zip -> {
            ZipBytes.Entry entry = new ZipBytes.Entry("a/data/0", deflated(new byte[50_000_000]));
            entry.localMethod = 8;
            entry.centralMethod = 8;
            entry.localSize = 50_000_000;
            entry.centralSize = 50_000_000;
            zip.entries().set(2, entry);
        })));
        return attacks;
    }

    private static List<Attack> names() {
        List<Attack> attacks = new ArrayList<>();
        attacks.add(Attack.refused("local name differs", withStorage(e -> e.localName = ascii("a/data/1"))));
        attacks.add(Attack.refused("local name longer", withStorage(e -> e.localName = ascii("a/data/00"))));
        attacks.add(Attack.refused("entry twice", with(zip -> zip.add("a/data/0", new byte[12]))));
        attacks.add(Attack.refused("pickle twice", with(zip -> zip.add("a/data.pkl", new byte[12]))));
        attacks.add(Attack.refused("two folders", with(zip -> zip.add("b/data.pkl", new byte[12]))));
        attacks.add(Attack.refused("TorchScript", with(zip -> zip.add("a/constants.pkl", new byte[12]))));
        attacks.add(Attack.refused(
                "big-endian", with(zip -> zip.entries().set(1, new ZipBytes.Entry("a/byteorder", ascii("big"))))));
        for (String name : new String[] {
            "../../../../tmp/evil",
            "/etc/passwd",
            "C:\\windows\\evil",
            "a/../../evil",
            "a/data/../../x",
            "",
            "\u0000",
            "a/\u001b[2J",
            "\\\\server\\share",
            "CON",
            "a".repeat(60_000),
            "\ud83d\ude00"
        }) {
            // no entry is ever written anywhere: a name is only compared
            attacks.add(Attack.harmless(
                    "entry named " + (name.length() > 30 ? "very long" : name),
                    with(zip -> zip.add(name, new byte[5]))));
        }
        return attacks;
    }

    /** Bytes that another reader would see. */
    private static List<Attack> hiding() {
        byte[] other = plain().bytes();
        return List.of(
                Attack.refused("bytes before", with(zip -> zip.prefix = ascii("#!/bin/sh\ntouch canary\n"))),
                Attack.refused("script that looks like an entry", with(zip -> zip.prefix = ascii("PK\3\4"))),
                Attack.refused("zip before the zip", with(zip -> zip.prefix = other)),
                Attack.refused("zip after the zip", with(zip -> zip.suffix = other)),
                Attack.refused("bytes after", with(zip -> zip.suffix = new byte[1])),
                Attack.refused("gap between entries", withStorage(e -> e.gapAfter = new byte[1])),
                Attack.refused(
                        "entry that is not in the directory",
                        with(zip -> zip.add("a/evil.pkl", new byte[9]).inDirectory = false)),
                Attack.refused("gap before the directory", with(zip -> zip.beforeDirectory = new byte[3])),
                Attack.refused("gap before the end record", with(zip -> zip.beforeEnd = new byte[3])),
                Attack.refused("entries share their bytes", with(zip -> {
                    ZipBytes.Entry twin = zip.add("a/data/0", new byte[0]);
                    twin.positionChange = -100;
                })),
                Attack.refused("bytes after the pickle's end", pickleWithTail()),
                Attack.refused("legacy file inside of a zip's name", ascii("PK\3\4" + "x".repeat(100))));
    }

    private static byte[] pickleWithTail() {
        byte[] pickle = PickleBytes.state(Map.of(TENSOR, Tensor.contiguous(3)), false);
        return plain(new PickleBytes()
                        .raw(pickle)
                        .global("os", "system")
                        .op('.')
                        .bytes())
                .bytes();
    }

    private static List<Attack> directories() {
        List<Attack> attacks = new ArrayList<>();
        for (int change : new int[] {-2, -1, 1, 2, 100, 0x7fff}) {
            attacks.add(Attack.refused("count off by " + change, with(zip -> zip.countChange = change)));
            attacks.add(Attack.refused("directory size off by " + change, with(zip -> zip.sizeChange = change)));
            attacks.add(
                    Attack.refused("directory position off by " + change, with(zip -> zip.positionChange = change)));
            attacks.add(Attack.refused("zip64 count off by " + change, with(zip -> {
                zip.end64 = true;
                zip.count64Change = change;
            })));
            attacks.add(Attack.refused("zip64 size off by " + change, with(zip -> {
                zip.end64 = true;
                zip.hide32 = true;
                zip.size64Change = change;
            })));
            attacks.add(Attack.refused("zip64 position off by " + change, with(zip -> {
                zip.end64 = true;
                zip.hide32 = true;
                zip.position64Change = change;
            })));
            attacks.add(Attack.refused("zip64 locator off by " + change, with(zip -> {
                zip.end64 = true;
                zip.locatorChange = change;
            })));
        }
        for (long value : new long[] {Long.MAX_VALUE / 2, Long.MIN_VALUE / 2, -1L << 40}) {
            attacks.add(Attack.refused("zip64 count " + value, with(zip -> {
                zip.end64 = true;
                zip.hide32 = true;
                zip.count64Change = value;
            })));
            attacks.add(Attack.refused("zip64 locator " + value, with(zip -> {
                zip.end64 = true;
                zip.hide32 = true;
                zip.locatorChange = value;
            })));
        }
        attacks.add(Attack.refused("one of two disks", with(zip -> zip.disk = 1)));
        attacks.add(Attack.refused("sizes unknown and no zip64 record", with(zip -> zip.hide32 = true)));
        byte[] whole = plain().bytes();
        for (int cut = 1; cut < 200; cut += 7) {
            attacks.add(Attack.refused("cut by " + cut, Arrays.copyOf(whole, whole.length - cut)));
        }
        attacks.add(Attack.refused("empty directory", new ZipBytes().bytes()));
        return attacks;
    }
}
