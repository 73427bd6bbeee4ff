package org.segvol.io;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** The names of the two files of a pair: {@code x.hdr} with the header and {@code x.img} with the voxels, each plain or gzipped. */
final class NiftiPair {
    private NiftiPair() {}

    /** The file that holds the header of what the user named: itself, or the partner of an {@code .img}. */
    static Path headerOf(Path named) throws VolumeFormatException {
        return hasEnding(named, ".img") ? partner(named, ".img", ".hdr", "header") : named;
    }

    /** The file that holds the voxels: the one that the user named, when it is an {@code .img}, else the header's partner. */
    static Path imageOf(Path header, Path named) throws VolumeFormatException {
        return hasEnding(named, ".img") ? named : partner(header, ".hdr", ".img", "voxels");
    }

    /** Whether a file has one of the standard's names. */
    static boolean isNamedNifti(Path file) {
        return List.of(".nii", ".hdr", ".img").stream().anyMatch(ending -> hasEnding(file, ending));
    }

    private static boolean hasEnding(Path file, String ending) {
        String name = file.toString().toLowerCase(Locale.ROOT); // the root folder has no file name
        return name.endsWith(ending) || name.endsWith(ending + ".gz");
    }

    private static Path partner(Path file, String ending, String other, String what) throws VolumeFormatException {
        String name = file.getFileName().toString();
        int at = name.toLowerCase(Locale.ROOT).lastIndexOf(ending);
        String stem = at < 0 ? name : name.substring(0, at);
        for (String candidate : List.of(other, other + ".gz", other.toUpperCase(Locale.ROOT))) {
            Path partner = file.resolveSibling(stem + candidate);
            if (Files.exists(partner)) {
                return partner;
            }
        }
        throw new VolumeFormatException(
                file,
                "expected its " + what + " in " + stem + other + " or " + stem + other
                        + ".gz beside it, found neither");
    }
}
