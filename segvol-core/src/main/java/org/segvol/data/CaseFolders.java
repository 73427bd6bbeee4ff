package org.segvol.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A folder with a folder for each case: {@code CASE/ct.nii.gz}, {@code CASE/labels.nii.gz}, perhaps {@code CASE/labels.json}. */
final class CaseFolders {
    private final Path root;

    CaseFolders(Path root) {
        this.root = root;
    }

    List<LabelledCase> read() throws DataSetException {
        LabelFile defaults = LabelFile.ofFolder(root);
        List<LabelledCase> cases = new ArrayList<>();
        for (Path folder : NiftiNames.entries(root)) {
            if (Files.isDirectory(folder)) {
                Path image = NiftiNames.find(folder, "ct"), label = NiftiNames.find(folder, "labels");
                if (image != null || label != null) {
                    cases.add(labelled(folder, image, label, defaults));
                }
            }
        }
        if (cases.isEmpty()) {
            throw new DataSetException(
                    root,
                    "expected CASE/ct.nii.gz with CASE/labels.nii.gz, or imagesTr, labelsTr and dataset.json, found no"
                            + " labelled case");
        }
        return cases;
    }

    private LabelledCase labelled(Path folder, Path image, Path label, LabelFile defaults) throws DataSetException {
        if (image == null || label == null) {
            throw new DataSetException(
                    folder,
                    "expected ct.nii.gz and labels.nii.gz, found only "
                            + (image == null ? label : image).getFileName());
        }
        Path own = folder.resolve("labels.json");
        LabelFile labels = Files.exists(own) ? LabelFile.read(own) : defaults;
        if (labels == null) {
            throw new DataSetException(
                    folder, "expected names of its label values in labels.json here or in " + root + ", found neither");
        }
        return new LabelledCase(folder.getFileName().toString(), image, label, labels.names(), labels.contains());
    }
}
