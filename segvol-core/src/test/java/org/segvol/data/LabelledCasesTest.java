package org.segvol.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.segvol.image.Affine;
import org.segvol.image.Forms;
import org.segvol.image.GridSize;
import org.segvol.image.Volume;
import org.segvol.image.Voxels;
import org.segvol.io.VolumeFormatException;
import org.segvol.io.Volumes;

/** The accepted layouts, and one clear sentence for everything that can be wrong with them. */
class LabelledCasesTest {
    private static final GridSize SIZE = new GridSize(4, 3, 2);
    private static final Affine PLACE = Affine.ofRows(-1, 0, 0, 50, 0, 1, 0, -20, 0, 0, 2.5, 7);

    @TempDir
    Path root;

    private Path file(String name) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        return file;
    }

    private Path text(String name, String content) throws IOException {
        return Files.writeString(file(name), content);
    }

    private void empty(String... names) throws IOException {
        for (String name : names) {
            text(name, "");
        }
    }

    private void volume(String name, GridSize size, Affine affine, float... values) throws IOException {
        float[] all = Arrays.copyOf(values, size.count());
        Volume volume = new Volume(size, Voxels.of(all, 1, 0), affine, new Forms(1, 0, null));
        int slice = size.ni() * size.nj();
        Volumes.writeFloats((k, to) -> System.arraycopy(all, k * slice, to, 0, slice), 1, volume, file(name));
    }

    private void assertRefused(Path data, String... words) {
        assertThatThrownBy(() -> LabelledCases.read(data))
                .isInstanceOf(DataSetException.class)
                .hasMessageContainingAll(words);
    }

    @Test
    void foldersWithTheirOwnOrCommonNames() throws IOException {
        empty("b/ct.nii.gz", "b/labels.nii.gz", "a/ct.nii", "a/labels.nii.gz", "previews/a.png", ".hidden/ct.nii.gz");
        text("labels.json", "{\"labels\": {\"liver\": 2, \"background\": 0}}");
        text("b/labels.json", "{\"7\": \"spleen\"}");
        List<LabelledCase> cases = LabelledCases.read(root);
        assertThat(cases).extracting(LabelledCase::name).containsExactly("a", "b");
        assertThat(cases.get(0).image()).isEqualTo(root.resolve("a/ct.nii"));
        assertThat(cases.get(0).label()).isEqualTo(root.resolve("a/labels.nii.gz"));
        assertThat(cases).extracting(LabelledCase::names).containsExactly(names(2, "liver"), names(7, "spleen"));
    }

    @Test
    void aStructureHasTheVoxelsOfWhatItContains() throws IOException {
        volume("a/ct.nii.gz", SIZE, PLACE, 0, 0, 0, 0, 0, 0);
        volume("a/labels.nii.gz", SIZE, PLACE, 1, 1, 4, 2, 0, 4);
        text("labels.json", """
                {"labels": {"liver": 1, "spleen": 2, "pancreas": 3, "tumor": 4},
                 "contains": {"liver": ["tumor"], "pancreas": ["tumor"]}}""");
        LabelledCase one = LabelledCases.read(root).get(0);
        assertThat(one.values(1)).containsExactly(1, 4);
        assertThat(one.values(2)).containsExactly(2);
        LoadedCase loaded = one.load();
        assertThat(loaded.structures()).containsOnlyKeys(1, 2, 3, 4);
        assertThat(loaded.mask(1).count()).isEqualTo(4);
        assertThat(loaded.mask(2).count()).isEqualTo(1);
        assertThat(loaded.mask(3)).isEqualTo(loaded.mask(4));
        assertThat(loaded.mask(4).count()).isEqualTo(2);
    }

    @Test
    void wrongContainersAreRefused() throws IOException {
        empty("a/ct.nii.gz", "a/labels.nii.gz");
        String labels = "{\"labels\": {\"liver\": 1, \"tumor\": 4}, \"contains\": ";
        text("labels.json", labels + "[\"liver\"]}");
        assertRefused(root, "labels.json", "contains: expected lists of names");
        text("labels.json", labels + "{\"liver\": \"tumor\"}}");
        assertRefused(root, "contains: expected a list of names for \"liver\", found tumor");
        text("labels.json", labels + "{\"liver\": [\"cyst\"]}}");
        assertRefused(root, "contains: no label is called \"cyst\"; the labels are [liver, tumor]");
        text("labels.json", labels + "{\"lung\": [\"tumor\"]}}");
        assertRefused(root, "contains: no label is called \"lung\"");
        text("labels.json", labels + "{\"liver\": [\"liver\"]}}");
        assertRefused(root, "contains: \"liver\" cannot contain itself");
        assertThatThrownBy(() -> new LabelledCase(
                        "a", root, root, names(1, "liver"), new TreeMap<>(Map.of(1, new TreeSet<>(List.of(2))))))
                .hasMessageContaining("are among the named ones, [1]");
    }

    private static SortedMap<Integer, String> names(int value, String name) {
        return new TreeMap<>(Map.of(value, name));
    }

    @Test
    void nnUnetAndDecathlonFolders() throws IOException {
        empty("imagesTr/x_1_0000.nii.gz", "labelsTr/x_1.nii.gz", "imagesTr/x_2.nii", "labelsTr/x_2.nii.gz");
        empty("imagesTr/._x_2.nii", "labelsTr/readme.txt");
        text(
                "dataset.json",
                "{\"channel_names\": {\"0\": \"CT\"}, \"labels\": {\"0\": \"background\", \"1\": \"liver\"}}");
        List<LabelledCase> cases = LabelledCases.read(root);
        assertThat(cases).extracting(LabelledCase::name).containsExactly("x_1", "x_2");
        assertThat(cases.get(0).image().getFileName()).hasToString("x_1_0000.nii.gz");
        assertThat(cases.get(1).names()).isEqualTo(names(1, "liver"));
    }

    @Test
    void nnUnetFoldersMustBeWhole() throws IOException {
        empty("imagesTr/x_0000.nii.gz");
        assertRefused(root, "expected dataset.json", "found none");
        text("dataset.json", "{\"labels\": {\"1\": \"liver\"}}");
        assertRefused(root, "labelsTr", "expected a folder");
        empty("labelsTr/readme.txt");
        assertRefused(root, "x_0000.nii.gz", "has no label");
        empty("labelsTr/x.nii.gz", "labelsTr/y.nii.gz");
        assertRefused(root, "expected y_0000.nii.gz or y.nii.gz", "found neither");
        empty("imagesTr/y.nii.gz", "imagesTr/y_0001.nii.gz");
        assertRefused(root, "y_0001.nii.gz", "second channel");
        Files.delete(root.resolve("imagesTr/y_0001.nii.gz"));
        assertThat(LabelledCases.read(root)).hasSize(2);
        empty("imagesTr/y.nii");
        assertRefused(root, "both y.nii.gz and y.nii are there");
    }

    @Test
    void listsWithPathsRelativeToThem() throws IOException {
        empty("sub/p/ct.nii.gz", "sub/p/seg.nii.gz", "q.nii", "r.mha");
        text("sub/dataset.json", "{\"labels\": {\"kidney\": 3}}");
        String one = "{\"image\": \"p/ct.nii.gz\", \"label\": \"p/seg.nii.gz\"}";
        String two = "{\"image\": \"../q.nii\", \"label\": \"p/seg.nii.gz\", \"names\": {\"1\": \"liver\"}}";
        String three = "{\"name\": \"third\", \"image\": \"../r.mha\", \"label\": \"p/seg.nii.gz\"}";
        Path list = text("sub/list.json", "[" + one + "," + two + "," + three + "]");
        List<LabelledCase> cases = LabelledCases.read(list);
        assertThat(cases).extracting(LabelledCase::name).containsExactly("p", "q", "third");
        assertThat(cases.get(1).image()).isEqualTo(root.resolve("q.nii"));
        assertThat(cases)
                .extracting(LabelledCase::names)
                .containsExactly(names(3, "kidney"), names(1, "liver"), names(3, "kidney"));
        text("sub/list.json", "[" + one + "," + one + "]");
        assertRefused(list, "two cases are called \"p\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[]|expected a JSON list of cases",
                "{}|expected a JSON list of cases",
                "[7]|case 0: expected an object",
                "[{'image': 'a.nii', 'lable': 'b.nii'}]|unknown key \"lable\"",
                "[{'image': 'a.nii'}]|case 0: expected a text as label, found null",
                "[{'image': 'a.nii', 'label': 5}]|expected a text as label, found 5",
                "[{'image': 'a.nii', 'label': 'a.nii'}]|the same file",
                "[{'image': 'a.nii', 'label': 'c.nii'}]|there is no label file",
                "[{'image': 'a\\u0000.nii', 'label': 'b.nii'}]|expected a file name as image",
                "[{'image': 'a.nii', 'label': 'b.nii'}]|expected names such as",
                "[{'image': 'a.nii', 'label': 'b.nii', 'names': {}}]|found none",
                "[{'image': 'a.nii', 'label': 'b.nii', 'names': 1}]|expected names such as",
                "[{'image': 'a.nii', 'label': 'b.nii', 'names': {'1':'x'}, 'name': ''}]|expected a text as name",
                "[{'image': 'a.nii', 'label': 'b.nii', 'image': 'b.nii'}]|stands twice",
                "[{'image': 'a.nii', 'label': 'b.nii'}|expected JSON"
            })
    void badListsAreRefused(String json, String sentence) throws IOException {
        empty("a.nii", "b.nii");
        assertRefused(text("list.json", json.replace('\'', '"')), "list.json: ", sentence);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'1': 'liver', '1': 'spleen'}|the key \"1\" stands twice",
                "{'1': 'liver', 'spleen': 1}|label value 1 has two names, \"liver\" and \"spleen\"",
                "{'1': 'liver', '2': 'liver'}|the name of two label values, 1 and 2",
                "{'1': ' '}|the name of label value 1 is empty",
                "{'70000': 'liver'}|expected label values from 1 to 65535, found 70000",
                "{'liver': -1}|expected label values from 1 to 65535, found -1",
                "{'liver': 1.5}|expected \"1\": \"liver\" or \"liver\": 1, found \"liver\": 1.5",
                "{'liver': 99999999999}|found \"liver\": 99999999999",
                "{'one': 'liver'}|found \"one\": liver",
                "{'tumour': [1, 2]}|joins several label values",
                "{'0': 'background'}|found none",
                "[1]|expected names such as",
                "{|expected JSON",
                "{'labels': {'labels': {}}}|found \"labels\""
            })
    void badNamesAreRefused(String json, String sentence) throws IOException {
        empty("a/ct.nii", "a/labels.nii");
        text("a/labels.json", json.replace('\'', '"'));
        assertRefused(root, "labels.json: ", sentence);
    }

    @Test
    void namesThatAreNoTextAreRefused() throws IOException {
        empty("a/ct.nii", "a/labels.nii");
        Files.write(file("a/labels.json"), "{\"1\": \"Müller\"}".getBytes(StandardCharsets.ISO_8859_1));
        assertRefused(root, "labels.json: ", "UTF-8");
    }

    @Test
    void halvesOfCasesAndMissingNamesAreRefused() throws IOException {
        assertRefused(root, "found no labelled case");
        assertRefused(root.resolve("nowhere"), "found no such file");
        empty("a/ct.nii.gz");
        assertRefused(root, "expected ct.nii.gz and labels.nii.gz, found only ct.nii.gz");
        empty("a/labels.nii.gz");
        assertRefused(root, "expected names of its label values in labels.json", "found neither");
        Files.delete(root.resolve("a/ct.nii.gz"));
        assertRefused(root, "found only labels.nii.gz");
    }

    @Test
    void loadingCountsTheLabels() throws IOException {
        volume("a/ct.nii.gz", SIZE, PLACE, 5);
        volume("a/labels.nii.gz", SIZE, PLACE, 1, 0, 3, 3, 65535);
        text("labels.json", "{\"1\": \"liver\", \"2\": \"spleen\", \"3\": \"aorta\"}");
        LoadedCase loaded = LabelledCases.read(root).get(0).load();
        assertThat(loaded.counts()).isEqualTo(new TreeMap<>(Map.of(0, 20L, 1, 1L, 3, 2L, 65535, 1L)));
        assertThat(loaded.structures()).isEqualTo(new TreeMap<>(Map.of(1, "liver", 3, "aorta")));
        assertThat(loaded.unnamed()).containsExactly(65535);
        assertThat(loaded.mask(3).count()).isEqualTo(2);
        assertThat(loaded.mask(3).get(2, 0, 0)).isTrue();
        assertThat(loaded.mask(2).isEmpty()).isTrue();
    }

    private LabelledCase labelled() throws IOException {
        volume("a/ct.nii.gz", SIZE, PLACE, 5);
        text("labels.json", "{\"1\": \"liver\"}");
        return LabelledCases.read(root).get(0);
    }

    @ParameterizedTest
    @ValueSource(floats = {-1, 0.5f, 65536, Float.NaN, Float.POSITIVE_INFINITY})
    void valuesThatAreNoLabelsAreRefused(float value) throws IOException {
        volume("a/labels.nii.gz", SIZE, PLACE, 1, 1, 1, 1, 1, value);
        LabelledCase one = labelled();
        assertThatThrownBy(one::load)
                .isInstanceOf(DataSetException.class)
                .hasMessageContainingAll("labels.nii.gz", "found " + value, "at voxel 1,1,0");
    }

    @Test
    void otherGridsAreRefused() throws IOException {
        volume("a/labels.nii.gz", new GridSize(3, 4, 2), PLACE, 1);
        LabelledCase one = labelled();
        assertThatThrownBy(one::load)
                .isInstanceOf(DataSetException.class)
                .hasMessageContainingAll("expected the grid of ct.nii.gz, 4x3x2 voxels, found 3x4x2");
        volume("a/labels.nii.gz", SIZE, Affine.ofRows(1, 0, 0, 50, 0, 1, 0, -20, 0, 0, 2.5, 7), 1);
        assertThatThrownBy(one::load)
                .isInstanceOf(DataSetException.class)
                .hasMessageContainingAll("expected the place and orientation of ct.nii.gz", "6.00 mm apart");
        volume("a/labels.nii.gz", SIZE, Affine.ofRows(-1, 0, 0, 50.05, 0, 1, 0, -20, 0, 0, 2.5, 7), 1);
        assertThat(one.load().counts()).containsEntry(1, 1L);
    }

    @Test
    void damagedVolumesAreRefusedWhenLoaded() throws IOException {
        text("a/labels.nii.gz", "no volume");
        LabelledCase one = labelled();
        assertThatThrownBy(one::load).isInstanceOf(VolumeFormatException.class).hasMessageContaining("labels.nii.gz");
    }
}
