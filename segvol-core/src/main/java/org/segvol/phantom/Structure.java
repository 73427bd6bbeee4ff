package org.segvol.phantom;

/** What is labelled in a phantom. */
public enum Structure {
    /** The liver; in the label map without its lesions, as a mask with them. */
    LIVER("liver"),
    SPLEEN("spleen"),
    LEFT_KIDNEY("left kidney"),
    RIGHT_KIDNEY("right kidney"),
    /** The stomach with what is in it. */
    STOMACH("stomach"),
    /** The aorta down to where it divides. */
    AORTA("aorta"),
    BLADDER("bladder"),
    LUNGS("lungs"),
    /** Vertebrae, discs and sacrum, without the canal. */
    SPINE("spine"),
    /** Lesions in the liver, one or more. */
    LIVER_TUMOR("liver tumor");

    private final String title;

    Structure(String title) {
        this.title = title;
    }

    /** The value in label maps, from 1. */
    public int label() {
        return ordinal() + 1;
    }

    /** The name as a text prompt says it. */
    public String title() {
        return title;
    }
}
