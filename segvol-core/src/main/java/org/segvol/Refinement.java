package org.segvol;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.segvol.image.Mask;
import org.segvol.image.VoxelBox;
import org.segvol.image.VoxelPoint;

/**
 * A structure being refined step by step: clicks are added and taken away, the box is changed, steps are undone. Each step's answer is the same
 * as that of a fresh call with the same prompt. The newest 16 answers are kept for {@link #undo}, with probabilities the newest 2, and the
 * result that it started from; others are computed again. Belongs to one caller at a time, like its session.
 */
public final class Refinement {
    private static final int KEPT_MASKS = 16;
    /** The present answer and the one before: each has 33 times the bytes of its mask. */
    private static final int KEPT_PROBABILITIES = 2;

    /** A prompt and its answer, which is null when it has not been computed or is no longer kept. */
    private static final class Step {
        private final Prompt prompt;
        private final boolean given; // an answer from elsewhere, that the prompt need not give here
        private Segmentation result;

        Step(Prompt prompt, Segmentation result, boolean given) {
            this.prompt = prompt;
            this.result = result;
            this.given = given;
        }

        boolean hasAnswer() {
            return given || !prompt.isEmpty();
        }
    }

    private final Session session;
    private final Deque<Step> steps = new ArrayDeque<>(); // the newest first
    private VoxelBox changed;

    Refinement(Session session, Prompt start) {
        this.session = session;
        steps.push(new Step(start, null, false));
    }

    Refinement(Session session, Segmentation previous) {
        this.session = session;
        if (!previous.mask().size().equals(session.volume().size())) {
            throw new IllegalArgumentException("the earlier result has a grid of "
                    + previous.mask().size() + ", this volume "
                    + session.volume().size()
                    + "; go on from a result of the same volume");
        }
        steps.push(new Step(previous.prompt(), previous, true));
    }

    /** The present prompt. */
    public Prompt prompt() {
        return steps.element().prompt;
    }

    /** The answer to the present prompt, computed when it is not known. */
    public Segmentation result() {
        return answer(steps.element());
    }

    private Segmentation answer(Step step) {
        if (step.result == null) {
            step.result = session.segment(step.prompt);
        }
        return step.result;
    }

    /** The box of stored voxels that the last step changed, or null when it changed none. */
    public VoxelBox changed() {
        return changed;
    }

    /** Adds a click inside the structure. */
    public Segmentation add(VoxelPoint inside) {
        return go(prompt().point(inside));
    }

    /** Adds a click outside the structure. */
    public Segmentation addNegative(VoxelPoint outside) {
        return go(prompt().negativePoint(outside));
    }

    /**
     * Takes the last click at a voxel away.
     *
     * @throws IllegalArgumentException when there is none
     */
    public Segmentation remove(VoxelPoint at) {
        List<Prompt.Click> clicks = new ArrayList<>(prompt().clicks());
        for (int i = clicks.size() - 1; i >= 0; i--) {
            if (clicks.get(i).at().equals(at)) {
                clicks.remove(i);
                return go(new Prompt(prompt().text(), prompt().box(), clicks));
            }
        }
        throw new IllegalArgumentException("there is no click at " + at + " to take away");
    }

    /** Changes the box; null takes it away. */
    public Segmentation box(VoxelBox box) {
        return go(prompt().box(box));
    }

    /** Changes the name; null takes it away. */
    public Segmentation text(String name) {
        return go(prompt().andText(name));
    }

    /** Whether there is a step to undo; the first one above an empty prompt, which has no answer, cannot be undone. */
    public boolean canUndo() {
        return steps.size() > 1 && earlier().hasAnswer();
    }

    /** The step before the present one. */
    private Step earlier() {
        Iterator<Step> newestFirst = steps.iterator();
        newestFirst.next();
        return newestFirst.next();
    }

    /**
     * Goes back one step; when this is cancelled or fails, the refinement stays where it was.
     *
     * @throws IllegalStateException when there is no step to undo
     */
    public Segmentation undo() {
        if (!canUndo()) {
            throw new IllegalStateException("there is no step to undo");
        }
        Segmentation undone = result(), back = answer(earlier());
        steps.pop();
        changed = Mask.differenceBounds(undone.mask(), back.mask());
        return back;
    }

    private Segmentation go(Prompt next) {
        Segmentation before = steps.element().hasAnswer() ? result() : null;
        Segmentation after = session.segment(next); // a failed step leaves the refinement where it was
        steps.push(new Step(next, after, false));
        changed = before == null ? after.mask().bounds() : Mask.differenceBounds(before.mask(), after.mask());
        int kept = 0;
        int most = session.options().probabilities() ? KEPT_PROBABILITIES : KEPT_MASKS;
        for (Step step : steps) {
            if (step.result != null && !step.given && ++kept > most) {
                step.result = null; // can be computed again
            }
        }
        return after;
    }
}
