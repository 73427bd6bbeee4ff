package org.segvol.infer;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.segvol.preprocess.Variant;
import org.segvol.prompt.Clicks;
import org.segvol.prompt.NetworkBox;
import org.segvol.prompt.PointChooser;
import org.segvol.weights.Extent;

/**
 * Zoom-out, then zoom-in (spec 4): the whole volume at low resolution tells where a structure is, windows at full resolution refine it there.
 * Several structures can be run together; a window that several need is encoded once.
 */
public final class ZoomInference {
    private static final Comparator<StructurePass.Task> ORDER = Comparator.comparingInt(
                    (StructurePass.Task t) -> t.view().d0())
            .thenComparingInt(t -> t.view().h0())
            .thenComparingInt(t -> t.view().w0());

    private final Decoding decoding;
    private final Variant variant;
    private final Refinements refinements;
    private final double overlap;

    /**
     * The two stages.
     *
     * @param variant which published program
     * @param refinements where to depart from it
     * @param overlap share of a window that neighbours have in common; the published programs take 0.5
     */
    public ZoomInference(Decoding decoding, Variant variant, Refinements refinements, double overlap) {
        this.decoding = decoding;
        this.variant = variant;
        this.refinements = refinements;
        this.overlap = overlap;
    }

    /**
     * One structure to be found.
     *
     * @param prompt what to look for
     * @param chooser draws the clicks of the published program's windows
     * @param planes receives the volume's logits
     */
    public record Request(NetworkPrompt prompt, PointChooser chooser, LogitPlanes planes) {}

    /**
     * One window that was looked at.
     *
     * @param origin in the padded region
     * @param prompt what it was asked
     */
    public record WindowRecord(int[] origin, WindowPrompt prompt) {}

    /**
     * What a run did.
     *
     * @param region what was refined, or null when the zoom-out view found nothing or was not refined
     * @param windows the windows that were run, in order
     * @param view where the zoom-out view's logits are positive, or null when there was no such view
     */
    public record Trace(NetworkRegion region, List<WindowRecord> windows, ViewMask view) {}

    /**
     * Checks a prompt against what a variant can do with it when zooming in.
     *
     * @throws IllegalArgumentException in one sentence
     */
    public static void requireAllowed(Variant variant, boolean box, boolean clicks) {
        if (box && clicks && !variant.allowBoxAndPoint()) {
            throw new IllegalArgumentException(
                    "box and points together are only defined for the segfm variant, not for " + variant.name()
                            + "; leave one of them out, choose --variant segfm, or --mode refined");
        }
        if (variant.regionWithBox() && !box) {
            throw new IllegalArgumentException(
                    "the " + variant.name() + " variant needs a box; add one or choose another variant");
        }
    }

    /** Zoom-out only. */
    public Trace zoomOut(Request request) {
        float[] view = decoding.zoomOut(request.prompt());
        giveAll(coarse(view), request.planes());
        return new Trace(null, List.of(), positive(view));
    }

    private ViewMask positive(float[] view) {
        return ViewMask.of(decoding.window(), at -> Decision.PUBLISHED.positive(view[at]));
    }

    private CoarseField coarse(float[] view) {
        return refinements.trilinearEnlargement()
                ? new TrilinearCoarse(view, decoding.window(), decoding.volume())
                : new NearestCoarse(view, decoding.window(), decoding.volume());
    }

    private static void giveAll(LogitField field, LogitPlanes planes) {
        float[] plane = new float[field.volume().h() * field.volume().w()];
        for (int d = 0; d < field.volume().d(); d++) {
            field.plane(d, plane);
            planes.plane(d, plane);
        }
    }

    /** Both stages for several structures. Each gets the same answer as alone. */
    public List<Trace> zoomIn(List<Request> requests) {
        List<StructurePass> passes = new ArrayList<>();
        List<ViewMask> views = new ArrayList<>();
        for (Request request : requests) {
            float[] view = decoding.zoomOut(request.prompt());
            views.add(positive(view));
            passes.add(plan(request, coarse(view)));
        }
        run(passes);
        List<Trace> traces = new ArrayList<>();
        for (int n = 0; n < passes.size(); n++) {
            StructurePass pass = passes.get(n);
            traces.add(pass == null ? new Trace(null, List.of(), views.get(n)) : pass.trace(views.get(n)));
        }
        return traces;
    }

    /** The windows of the second stage; null when nothing was found and the coarse answer was given. */
    private StructurePass plan(Request request, CoarseField coarse) {
        NetworkPrompt prompt = request.prompt();
        if (!refinements.exactPrompts()) {
            requireAllowed(variant, prompt.viewBox() != null, prompt.viewClicks() != null);
        }
        Extent volume = coarse.volume(), window = decoding.window();
        ReflectedPrompts maps = new ReflectedPrompts(prompt, variant, window, volume);
        NetworkRegion region = region(prompt, coarse, maps);
        if (region == null) {
            giveAll(coarse, request.planes());
            return null;
        }
        WindowLayout layout = refinements.sharedLattice()
                ? WindowLayout.lattice(region, volume, window, overlap)
                : WindowLayout.over(region, window, overlap);
        boolean single = layout.origins().size() == 1;
        WindowPrompts prompts = refinements.exactPrompts()
                ? new RefinedWindowPrompts(prompt, coarse, refinements.skipEmptyWindows())
                : new PublishedWindowPrompts(prompt, maps, coarse, variant, layout, single, request.chooser());
        WindowAverage average = new WindowAverage(layout, coarse, refinements.gaussianBlending(), request.planes());
        return new StructurePass(region, layout, prompt.text(), prompts, average);
    }

    private NetworkRegion region(NetworkPrompt prompt, CoarseField coarse, ReflectedPrompts maps) {
        int[][] bounds = coarse.bounds();
        if (refinements.exactPrompts()) {
            bounds = union(bounds, userBounds(prompt));
        } else if (variant.regionWithBox()) {
            bounds = union(bounds, maps.boxBounds());
        }
        if (bounds == null) {
            return null;
        }
        return refinements.inwardRegion()
                ? NetworkRegion.inward(bounds[0], bounds[1], decoding.window(), coarse.volume())
                : NetworkRegion.published(bounds[0], bounds[1], decoding.window(), coarse.volume());
    }

    /** What the user's box and positive clicks span, or null without any. */
    private static int[][] userBounds(NetworkPrompt prompt) {
        int[][] bounds = null;
        NetworkBox box = prompt.volumeBox();
        if (box != null && !box.equals(NetworkBox.EMPTY)) {
            bounds = new int[][] {{box.d0(), box.h0(), box.w0()}, {box.d1(), box.h1(), box.w1()}};
        }
        Clicks clicks = prompt.volumeClicks();
        for (int i = 0; clicks != null && i < clicks.count(); i++) {
            if (clicks.label(i) == 1) {
                int[] at = {(int) clicks.coordinate(i, 0), (int) clicks.coordinate(i, 1), (int) clicks.coordinate(i, 2)
                };
                bounds = union(bounds, new int[][] {at, at.clone()});
            }
        }
        return bounds;
    }

    private static int[][] union(int[][] a, int[][] b) {
        if (a == null || b == null) {
            return a == null ? b : a;
        }
        int[][] out = new int[2][3];
        for (int axis = 0; axis < 3; axis++) {
            out[0][axis] = Math.min(a[0][axis], b[0][axis]);
            out[1][axis] = Math.max(a[1][axis], b[1][axis]);
        }
        return out;
    }

    /**
     * Windows over the whole volume without a first look. A window gets the part of the box and the clicks that lie in it, exactly where
     * they are; a window that none of them reaches is left out unless there is text.
     */
    public List<Trace> slidingWindow(List<Request> requests) {
        NetworkRegion region = NetworkRegion.all(decoding.volume());
        WindowLayout layout = WindowLayout.over(region, decoding.window(), overlap);
        List<StructurePass> passes = new ArrayList<>();
        for (Request request : requests) {
            NetworkPrompt prompt = request.prompt();
            WindowPrompts prompts = (origin, view) -> {
                WindowPrompt own = ExactWindowPrompts.of(prompt, view);
                return prompt.text() == null && own.box() == null && own.clicks() == null ? null : own;
            };
            LogitField nothing = LogitField.nothing(decoding.volume());
            WindowAverage average =
                    new WindowAverage(layout, nothing, refinements.gaussianBlending(), request.planes());
            passes.add(new StructurePass(region, layout, prompt.text(), prompts, average));
        }
        run(passes);
        return passes.stream().map(pass -> pass.trace(null)).toList();
    }

    /** Runs all windows of all passes, those at one place one after the other, so that each place is encoded once. */
    private void run(List<StructurePass> all) {
        List<StructurePass> passes = new ArrayList<>();
        int windows = 0;
        for (StructurePass pass : all) {
            if (pass != null) {
                windows += pass.windows();
                pass.finishIfEmpty();
                passes.add(pass);
            }
        }
        decoding.expect(windows);
        for (int left = windows; left > 0; left--) {
            StructurePass first = null;
            for (StructurePass pass : passes) {
                if (pass.peek() != null && (first == null || ORDER.compare(pass.peek(), first.peek()) < 0)) {
                    first = pass;
                }
            }
            StructurePass.Task task = first.peek();
            first.accept(decoding.window(task.view(), first.text(), task.prompt()));
        }
    }

    /** How many windows there are over all of a volume; smaller regions have fewer. */
    public static long windows(Extent volume, Extent window, double overlap) {
        long windows = 1;
        for (int axis = 0; axis < 3; axis++) {
            int side = Math.max(volume.side(axis), window.side(axis));
            windows *= WindowGrid.starts(side, window.side(axis), overlap).length;
        }
        return windows;
    }

    /** Bytes that a structure's windows over all of a volume need while they are averaged; smaller regions need less. */
    public static long bytesPerStructure(Extent volume, Extent window) {
        return WindowAverage.bytes(WindowLayout.over(NetworkRegion.all(volume), window, 0.5));
    }
}
