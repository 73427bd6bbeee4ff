package org.segvol.demo;

import java.awt.Color;
import org.segvol.phantom.Structure;

/** The structures' colours in pictures; what lies in front of others is translucent. */
final class StructureColors {
    private StructureColors() {}

    static Color of(Structure structure) {
        return switch (structure) {
            case LIVER -> new Color(0xD8, 0x6B, 0x4A, 150);
            case SPLEEN -> new Color(0xB0, 0x7C, 0xF0, 235);
            case LEFT_KIDNEY -> new Color(0xF2, 0xA9, 0x3B);
            case RIGHT_KIDNEY -> new Color(0xF7, 0xD3, 0x54);
            case STOMACH -> new Color(0x55, 0xC9, 0x92, 190);
            case AORTA -> new Color(0xFF, 0x4D, 0x5E);
            case BLADDER -> new Color(0x4F, 0xD8, 0xE8, 235);
            case LUNGS -> new Color(0x7F, 0xB2, 0xFF, 95);
            case SPINE -> new Color(0xE9, 0xE4, 0xD4);
            case LIVER_TUMOR -> new Color(0xB9, 0xF2, 0x3A);
        };
    }

    static Color opaque(Structure structure) {
        return new Color(of(structure).getRGB() | 0xFF000000);
    }
}
