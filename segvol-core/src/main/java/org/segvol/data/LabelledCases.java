package org.segvol.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Finds labelled cases on disk. */
public final class LabelledCases {
    private LabelledCases() {}

    /**
     * The cases of a data set, in the order of their names, or of the list. Volumes are looked for and not read. Accepted are
     * <ul>
     *   <li>a folder with a folder for each case: {@code CASE/ct.nii.gz} and {@code CASE/labels.nii.gz}, and perhaps
     *       {@code CASE/labels.json} with the case's own names; folders with neither volume are passed over;
     *   <li>a folder as nnU-Net has it: {@code imagesTr/CASE_0000.nii.gz} or {@code imagesTr/CASE.nii.gz}, {@code labelsTr/CASE.nii.gz} and
     *       {@code dataset.json}; one channel only;
     *   <li>a JSON list {@code [{"image": "a.nii.gz", "label": "b.nii.gz", "names": {"1": "liver"}, "name": "case 1"}]}, paths
     *       relative to it; without {@code name} the image's file name is the case's, or its folder's where the file is called {@code ct}.
     * </ul>
     * Names stand in {@code labels.json} or {@code dataset.json} of the data set's folder (beside a list), as {@code {"1": "liver"}},
     * {@code {"liver": 1}} or either inside {@code {"labels": ...}}; a case's own names replace them. {@code .nii} serves as {@code .nii.gz}
     * does.
     *
     * @throws DataSetException when a file is missing, a name stands twice or is missing, or nothing is found
     */
    public static List<LabelledCase> read(Path data) throws DataSetException {
        List<LabelledCase> cases;
        if (Files.isRegularFile(data)) {
            cases = new CaseList(data).read();
        } else if (!Files.isDirectory(data)) {
            throw new DataSetException(data, "expected a folder of labelled cases or a JSON list, found no such file");
        } else if (Files.isDirectory(data.resolve("labelsTr")) || Files.isDirectory(data.resolve("imagesTr"))) {
            cases = new NnUnetFolder(data).read();
        } else {
            cases = new CaseFolders(data).read();
        }
        Set<String> names = new HashSet<>();
        for (LabelledCase one : cases) {
            if (!names.add(one.name())) {
                throw new DataSetException(
                        data, "two cases are called \"" + one.name() + "\"; give each a name of its own");
            }
        }
        return cases;
    }
}
