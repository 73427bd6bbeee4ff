package org.segvol.weights;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Opens the files that cost the reader most memory, in whatever heap this JVM was given. */
final class MemoryBombs {
    private MemoryBombs() {}

    /** Opens the files that are named. */
    public static void main(String[] files) throws IOException {
        for (String file : files) {
            try (Checkpoint checkpoint = Checkpoint.open(Path.of(file))) {
                for (String name : checkpoint.tensors().keySet()) {
                    checkpoint.read(name);
                }
                System.out.println("opened " + file);
            } catch (CheckpointException e) {
                System.out.println("refused " + e.getMessage());
            } catch (OutOfMemoryError e) {
                System.out.println("OUT OF MEMORY in " + file);
            }
        }
    }

    /** Files whose own bytes are few. */
    static List<Attack> small() {
        List<Attack> bombs = new ArrayList<>();
        for (List<Attack> group : AttackRunner.groups().values()) {
            for (Attack attack : group) {
                if (attack.bytes().length > 50_000 && attack.bytes().length < 8 << 20) {
                    bombs.add(attack);
                }
            }
        }
        bombs.add(safetensors("{}", 190_000));
        bombs.add(safetensors("[]", 190_000));
        bombs.add(safetensors("1", 190_000));
        bombs.add(safetensors("\"\\u4e2d\"", 190_000));
        bombs.add(safetensors("{\"a\":{\"b\":[{}]}}", 45_000));
        return bombs;
    }

    private static Attack safetensors(String value, int times) {
        String header = "{\"__metadata__\":[" + (value + ",").repeat(times) + "1]}";
        byte[] bytes = header.getBytes(StandardCharsets.UTF_8);
        return Attack.refused(
                times + " times " + value,
                new PickleBytes().int64(bytes.length).raw(bytes).bytes());
    }

    /** Headers of the largest size that is looked at. */
    static List<Attack> large() {
        List<Attack> bombs = new ArrayList<>();
        for (String unit : List.of("a", "\u00e9", "\u4e2d", "\\u0041")) {
            int times = ((8 << 20) - 100) / unit.getBytes(StandardCharsets.UTF_8).length;
            bombs.add(safetensors("\"" + unit.repeat(times) + "\"", 1));
        }
        return bombs;
    }
}
