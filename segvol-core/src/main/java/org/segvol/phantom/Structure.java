package org.segvol.phantom;

/** What is labelled in a phantom. */
public enum Structure {
    /** The liver; in the label map without its lesions, as a mask with them. */
    LIVER(1, "liver"),
    SPLEEN(2, "spleen"),
    LEFT_KIDNEY(3, "left kidney"),
    RIGHT_KIDNEY(4, "right kidney"),
    /** The stomach with what is in it. */
    STOMACH(5, "stomach"),
    /** The aorta down to where it divides. */
    AORTA(6, "aorta"),
    BLADDER(7, "bladder"),
    LUNGS(8, "lungs"),
    /** Vertebrae, discs and sacrum, without the canal. */
    SPINE(9, "spine"),
    /** Lesions in the liver, one or more. */
    LIVER_TUMOR(10, "liver tumor");

    private final int label;
    private final String title;

    Structure(int label, String title) {
        this.label = label;
        this.title = title;
    }

    /** The value in label maps, from 1. */
    public int label() {
        return label;
    }

    /** The name as a text prompt says it. */
    public String title() {
        return title;
    }
}
