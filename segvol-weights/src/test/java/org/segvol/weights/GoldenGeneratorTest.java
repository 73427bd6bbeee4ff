package org.segvol.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.segvol.testing.ConfigJson;
import org.segvol.testing.GoldenFolders;
import org.segvol.testing.Manifest;
import org.segvol.testing.RandomStream;
import org.segvol.testing.SyntheticRule;
import org.segvol.testing.SyntheticWeights;

/** The parameter table and the synthetic weights against the reference program's (spec 9.1). */
class GoldenGeneratorTest {
    private static final String TABLES = "tables.json";
    private static final String VECTORS = "vectors.json";

    @TestFactory
    List<DynamicTest> generator() {
        List<DynamicTest> tests = new ArrayList<>();
        for (Path group : GoldenFolders.announced("generator")) {
            if (!Files.exists(group.resolve(TABLES)) || !Files.exists(group.resolve(VECTORS))) {
                System.out.println("golden group generator: " + group + " lacks " + TABLES + " or " + VECTORS);
                continue;
            }
            JsonObject tables = Manifest.readJson(group.resolve(TABLES));
            JsonObject vectors = Manifest.readJson(group.resolve(VECTORS));
            tables.asMap()
                    .forEach((name, table) -> tests.add(
                            DynamicTest.dynamicTest("table " + name, () -> checkTable(table.getAsJsonObject()))));
            tests.add(DynamicTest.dynamicTest("hashes and units", () -> checkStreams(vectors)));
            tests.add(DynamicTest.dynamicTest("values", () -> checkValues(vectors, tables)));
        }
        return tests;
    }

    private static void checkTable(JsonObject golden) {
        ModelConfig config = ConfigJson.parse(golden.getAsJsonObject("config"));
        ParameterTable table = ParameterTable.of(config);
        assertThat(table.parameterCount()).isEqualTo(golden.get("parameters").getAsLong());
        assertThat(table.tensors()).hasSize(golden.get("tensors").getAsInt());
        SyntheticWeights weights =
                new SyntheticWeights(config, golden.get("seed").getAsLong());
        List<String> names = new ArrayList<>();
        for (JsonElement element : golden.getAsJsonArray("table")) {
            JsonObject row = element.getAsJsonObject();
            String name = row.get("name").getAsString();
            names.add(name);
            assertThat(table.shape(name)).as(name).isEqualTo(longs(row, "shape"));
            if (row.has("step")) {
                float[] values = weights.values(name);
                assertThat(hash(values, row.get("step").getAsInt()))
                        .as(name)
                        .isEqualTo(row.get("fnv1a64").getAsString());
                assertThat(sum(values)).as(name).isCloseTo(row.get("sum").getAsDouble(), within(1e-9 * values.length));
            }
        }
        assertThat(table.tensors().keySet()).containsExactlyElementsOf(names);
    }

    private static String hash(float[] values, int step) {
        ByteBuffer bytes = ByteBuffer.allocate((values.length + step - 1) / step * Float.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < values.length; i += step) {
            bytes.putFloat(values[i]);
        }
        return String.format(Locale.ROOT, "%016x", RandomStream.fnv1a64(bytes.array()));
    }

    private static double sum(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += value;
        }
        return sum;
    }

    private static void checkStreams(JsonObject vectors) {
        for (JsonElement element : vectors.getAsJsonArray("fnv1a64")) {
            JsonObject row = element.getAsJsonObject();
            byte[] text = row.get("text").getAsString().getBytes(StandardCharsets.UTF_8);
            assertThat(String.format(Locale.ROOT, "%016x", RandomStream.fnv1a64(text)))
                    .isEqualTo(row.get("hash").getAsString());
        }
        for (JsonElement element : vectors.getAsJsonArray("units")) {
            JsonObject row = element.getAsJsonObject();
            RandomStream stream = new RandomStream(row.get("text").getAsString());
            int i = 0;
            for (JsonElement unit : row.getAsJsonArray("r")) {
                assertThat(stream.signedUnit(i++)).isEqualTo(unit.getAsDouble());
            }
            assertThat(stream.signedUnit(1_000_000))
                    .isEqualTo(row.get("r_1000000").getAsDouble());
        }
    }

    private static void checkValues(JsonObject vectors, JsonObject tables) {
        for (JsonElement element : vectors.getAsJsonArray("values")) {
            JsonObject row = element.getAsJsonObject();
            JsonObject table = tables.getAsJsonObject(row.get("config").getAsString());
            String name = row.get("name").getAsString();
            SyntheticRule rule = SyntheticRule.of(name, longs(row, "shape"));
            assertThat(rule.kind().text()).as(name).isEqualTo(row.get("kind").getAsString());
            assertThat(rule.offset()).as(name).isEqualTo(row.get("offset").getAsDouble());
            assertThat(rule.scale()).as(name).isEqualTo(row.get("scale").getAsDouble());
            float[] values = new SyntheticWeights(
                            ConfigJson.parse(table.getAsJsonObject("config")),
                            row.get("seed").getAsLong())
                    .values(name);
            for (int i = 0; i < row.getAsJsonArray("index").size(); i++) {
                int at = row.getAsJsonArray("index").get(i).getAsInt();
                assertThat(String.format(Locale.ROOT, "%08x", Float.floatToRawIntBits(values[at])))
                        .as(name + "[" + at + "]")
                        .isEqualTo(row.getAsJsonArray("bits").get(i).getAsString());
            }
        }
    }

    private static long[] longs(JsonObject row, String key) {
        return row.getAsJsonArray(key).asList().stream()
                .mapToLong(JsonElement::getAsLong)
                .toArray();
    }
}
