package org.segvol.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Training cases of nnU-Net and of the Medical Segmentation Decathlon: {@code imagesTr}, {@code labelsTr}, {@code dataset.json}. */
final class NnUnetFolder {
    private static final String FIRST_CHANNEL = "_0000";

    private final Path root;
    private final Path images;

    NnUnetFolder(Path root) {
        this.root = root;
        this.images = root.resolve("imagesTr");
    }

    List<LabelledCase> read() throws DataSetException {
        LabelFile labels = LabelFile.ofFolder(root);
        if (labels == null) {
            throw new DataSetException(root, "expected dataset.json with the names of the label values, found none");
        }
        Set<Path> unused = new TreeSet<>(volumes(images));
        List<LabelledCase> cases = new ArrayList<>();
        for (Path label : volumes(root.resolve("labelsTr"))) {
            String name = NiftiNames.stem(label);
            Path image = image(name);
            unused.remove(image);
            cases.add(new LabelledCase(name, image, label, labels.names(), labels.contains()));
        }
        if (!unused.isEmpty()) {
            throw new DataSetException(
                    unused.iterator().next(),
                    "this image has no label in labelsTr, or is a second channel; a case is one CT with one label");
        }
        if (cases.isEmpty()) {
            throw new DataSetException(root, "expected labelled cases in imagesTr and labelsTr, found none");
        }
        return cases;
    }

    private Path image(String name) throws DataSetException {
        Path channel = NiftiNames.find(images, name + FIRST_CHANNEL);
        Path image = channel != null ? channel : NiftiNames.find(images, name);
        if (image == null) {
            throw new DataSetException(
                    images,
                    "expected " + name + FIRST_CHANNEL + ".nii.gz or " + name + ".nii.gz for its label, found neither");
        }
        return image;
    }

    private static List<Path> volumes(Path folder) throws DataSetException {
        List<Path> volumes = new ArrayList<>();
        for (Path file : NiftiNames.entries(folder)) {
            if (NiftiNames.stem(file) != null && Files.isRegularFile(file)) {
                volumes.add(file);
            }
        }
        return volumes;
    }
}
