package org.segvol.layers.gpu;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The generation of an NVIDIA GPU, such as 8.0 (A100) or 9.0 (H100).
 *
 * @param major generation; machine code of one major number does not run on another
 * @param minor revision; machine code runs on this minor number and higher ones
 */
public record ComputeCapability(int major, int minor) {
    private static final Pattern FORM = Pattern.compile("(\\d{1,3})\\.(\\d{1,3})");

    /** Checks that no number is negative. */
    public ComputeCapability {
        if (major < 0 || minor < 0) {
            throw new IllegalArgumentException(
                    "a compute capability has no negative numbers, found " + major + "." + minor);
        }
    }

    /**
     * Reads a form such as {@code 8.6}.
     *
     * @throws IllegalArgumentException when the text is not of that form
     */
    public static ComputeCapability parse(String text) {
        Matcher match = FORM.matcher(text);
        if (!match.matches()) {
            throw new IllegalArgumentException("a compute capability looks like 8.6, found " + text);
        }
        return new ComputeCapability(Integer.parseInt(match.group(1)), Integer.parseInt(match.group(2)));
    }

    /** Whether machine code that was compiled for this capability runs on a device of another. */
    boolean codeRunsOn(ComputeCapability device) {
        return major == device.major && minor <= device.minor;
    }

    @Override
    public String toString() {
        return major + "." + minor;
    }
}
