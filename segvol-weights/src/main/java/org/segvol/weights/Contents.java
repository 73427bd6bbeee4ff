package org.segvol.weights;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What a container holds, before any name is interpreted.
 *
 * @param format the container
 * @param files all files it consists of, the opened one first
 * @param mapped the files to close
 * @param tensors its tensors under their own names, in file order
 * @param metadata free text entries
 * @param skipped what was passed over, each with the reason
 */
record Contents(
        Checkpoint.Format format,
        List<Path> files,
        List<MappedFile> mapped,
        Map<String, StoredTensor> tensors,
        Map<String, String> metadata,
        List<String> skipped) {}
