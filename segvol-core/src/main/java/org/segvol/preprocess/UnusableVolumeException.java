package org.segvol.preprocess;

/** A volume that was read well but that the network cannot be given: constant, without foreground, or with values that are not finite. */
public final class UnusableVolumeException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    /** With one sentence for the user. */
    public UnusableVolumeException(String message) {
        super(message);
    }
}
