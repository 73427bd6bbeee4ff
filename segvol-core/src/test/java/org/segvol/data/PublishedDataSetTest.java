package org.segvol.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segvol.image.GridSize;

/** Lists in the published layout, around the files that scipy wrote for NumpyFilesTest. */
class PublishedDataSetTest {
    private static final Path FIXTURES = Path.of("src/test/resources/numpy");
    private static final String MASK = "mask_(4, 5, 4, 3).npz";
    private static final String LABELS =
            "\"labels\": {\"0\": \"background\", \"1\": \"a\", \"2\": \"b\", \"3\": \"c\", \"4\": \"d\"}";

    @TempDir
    Path folder;

    private Path set;

    @BeforeEach
    void prepare() throws IOException {
        set = folder.resolve("0001");
        Path one = Files.createDirectories(set.resolve("case 1"));
        Files.copy(FIXTURES.resolve("image_c_f4.npy"), one.resolve("image.npy"));
        Files.copy(FIXTURES.resolve(MASK), one.resolve(MASK));
    }

    private Path list(String json) throws IOException {
        return Files.writeString(set.resolve("0001.json"), json);
    }

    private static String entry(String folder) {
        return "{\"image\": \"" + folder + "/image.npy\", \"label\": \"" + folder + "/" + MASK + "\"}";
    }

    @Test
    void readsAListMadeElsewhere() throws IOException {
        for (String part : List.of("training", "train")) {
            Path list = list(
                    "{" + LABELS + ", \"" + part + "\": [" + entry("/home/someone/0001/case 1") + "], \"test\": []}");
            for (Path data : List.of(set, list)) {
                PublishedCase one = PublishedDataSet.training(data).get(0);
                assertThat(one.name()).isEqualTo("case 1");
                assertThat(one.names()).containsExactly("a", "b", "c", "d");
                assertThat(one.readImage().size()).isEqualTo(new GridSize(5, 4, 3));
                assertThat(one.readLabels()).hasSize(4);
                assertThat(one.hasPseudoMask()).isFalse();
            }
            assertThat(PublishedDataSet.test(set)).isEmpty();
        }
        Files.copy(FIXTURES.resolve("numbers_i8.npy"), set.resolve("case 1/pseudo_mask.npy"));
        PublishedCase one = PublishedDataSet.training(set).get(0);
        assertThat(one.hasPseudoMask()).isTrue();
        assertThat(one.readPseudoMask().at(4, 3, 2)).isEqualTo(432);
        assertThat(PublishedDataSet.isOne(set)).isTrue();
        assertThat(PublishedDataSet.isOne(folder)).isFalse();
    }

    @Test
    void readsTheListThatItWrites() throws IOException {
        PublishedDataSet.writeList(set, List.of("a", "b", "c", "d"), List.of("case 1"), List.of());
        PublishedCase one = PublishedDataSet.training(set).get(0);
        assertThat(one.readLabels()).hasSize(4);
        assertThat(Files.readString(set.resolve("0001.json")))
                .contains("\"0\":\"background\"")
                .contains("\"numTraining\":1");
    }

    private void assertRefused(String json, String sentence) throws IOException {
        list(json);
        assertThatThrownBy(() -> PublishedDataSet.training(set))
                .isInstanceOf(DataSetException.class)
                .hasMessageContaining(sentence);
    }

    @Test
    void refusesWhatDoesNotFit() throws IOException {
        assertThatThrownBy(() -> PublishedDataSet.training(set)).hasMessageContaining("there is no such list");
        assertRefused("[]", "expected an object with labels and training");
        assertRefused("{" + LABELS + "}", "expected a list of cases under training or train");
        assertRefused("{" + LABELS + ", \"training\": [3]}", "case 0: expected an object with image and label");
        assertRefused("{" + LABELS + ", \"training\": [{}]}", "case 0: image: expected a file name, found null");
        assertRefused(
                "{" + LABELS + ", \"training\": [" + entry("x/case 2") + "]}",
                "case 0: image: there is neither x/case 2/image.npy nor ");
        assertRefused(
                "{\"labels\": {\"0\": \"background\", \"2\": \"b\"}, \"training\": []}",
                "expected the values 1 to 1, found [2]");
        list("{\"labels\": {\"1\": \"a\"}, \"training\": [" + entry("case 1") + "]}");
        PublishedCase one = PublishedDataSet.training(set).get(0);
        assertThatThrownBy(one::readLabels)
                .hasMessageContaining("expected 1 label channels, one for each name of the data set, found 4");
    }
}
