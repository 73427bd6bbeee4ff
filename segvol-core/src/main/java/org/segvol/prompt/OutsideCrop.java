package org.segvol.prompt;

/** What becomes of a stored position that the foreground crop cut off (spec 2.4). */
public enum OutsideCrop {
    /** It is moved to the nearest voxel of the crop. */
    CLAMP,
    /** It is refused. */
    REFUSE
}
