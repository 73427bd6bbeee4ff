package org.segvol;

import java.util.ArrayList;
import java.util.List;
import org.segvol.image.VoxelBox;
import org.segvol.image.VoxelPoint;

/**
 * What to segment: words, a box and clicks, in any combination that the variant allows. Immutable; each method returns a new prompt.
 * Positions are stored voxel indices; {@link org.segvol.image.Affine} turns millimetres into them.
 *
 * @param text the structure's name, which is not blank, or null
 * @param box a box around the structure, or null
 * @param clicks clicks in and beside the structure, perhaps none
 */
public record Prompt(String text, VoxelBox box, List<Click> clicks) {
    /** No prompt yet: to be added to. */
    public static final Prompt NONE = new Prompt(null, null, List.of());

    /**
     * A click.
     *
     * @param at the voxel
     * @param inside whether it lies in the structure
     */
    public record Click(VoxelPoint at, boolean inside) {}

    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException when the text is blank: the model would find something for it, but nothing was asked for
     */
    public Prompt {
        if (text != null && text.isBlank()) {
            throw new IllegalArgumentException(
                    "the text of a prompt is blank; name a structure, such as liver, or leave the text out");
        }
        clicks = List.copyOf(clicks);
    }

    /** A structure by its name, such as {@code liver}. */
    public static Prompt text(String name) {
        return NONE.andText(name);
    }

    /** Whatever a box holds. */
    public static Prompt box(int i0, int j0, int k0, int i1, int j1, int k1) {
        return NONE.box(VoxelBox.of(i0, j0, k0, i1, j1, k1));
    }

    /** Whatever a voxel belongs to. */
    public static Prompt point(int i, int j, int k) {
        return NONE.point(new VoxelPoint(i, j, k));
    }

    /** The same prompt with a name. */
    public Prompt andText(String name) {
        return new Prompt(name, box, clicks);
    }

    /** The same prompt with a box. */
    public Prompt box(VoxelBox around) {
        return new Prompt(text, around, clicks);
    }

    /** The same prompt with one more click inside the structure. */
    public Prompt point(VoxelPoint inside) {
        return with(new Click(inside, true));
    }

    /** The same prompt with one more click outside the structure. */
    public Prompt negativePoint(VoxelPoint outside) {
        return with(new Click(outside, false));
    }

    private Prompt with(Click click) {
        List<Click> more = new ArrayList<>(clicks);
        more.add(click);
        return new Prompt(text, box, more);
    }

    /** Whether there is nothing to go by. */
    public boolean isEmpty() {
        return text == null && box == null && clicks.isEmpty();
    }
}
