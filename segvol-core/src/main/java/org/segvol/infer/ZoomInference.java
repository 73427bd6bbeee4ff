package org.segvol.infer;

import java.util.ArrayList;
import java.util.List;
import org.segvol.preprocess.Variant;
import org.segvol.prompt.PointChooser;
import org.segvol.weights.Extent;

/**
 * Zoom-out, then zoom-in, as the published programs do it (spec 4): the whole volume at low resolution tells where the structure is, windows
 * at full resolution refine it there.
 */
public final class ZoomInference {
    private final Decoding decoding;
    private final Variant variant;
    private final double overlap;

    /**
     * The two stages with the choices of a variant.
     *
     * @param overlap share of a window that neighbours have in common; the published programs take 0.5
     */
    public ZoomInference(Decoding decoding, Variant variant, double overlap) {
        this.decoding = decoding;
        this.variant = variant;
        this.overlap = overlap;
    }

    /** One window that was looked at. */
    public record WindowRecord(int[] origin, WindowPrompt prompt) {}

    /**
     * What a run did.
     *
     * @param region what was refined, or null when the zoom-out view found nothing or was not refined
     * @param windows the windows of the region in the order in which they were run
     */
    public record Trace(NetworkRegion region, List<WindowRecord> windows) {}

    /**
     * Checks a prompt against what the variant can do with it.
     *
     * @throws IllegalArgumentException in one sentence
     */
    public static void requireAllowed(Variant variant, boolean box, boolean clicks) {
        if (box && clicks && !variant.allowBoxAndPoint()) {
            throw new IllegalArgumentException(
                    "box and points together are only defined for the segfm variant, not for " + variant.name()
                            + "; leave one of them out or choose --variant segfm");
        }
        if (variant.regionWithBox() && !box) {
            throw new IllegalArgumentException(
                    "the " + variant.name() + " variant needs a box; add one or choose another variant");
        }
    }

    /**
     * Zoom-out only: the coarse logits at the volume's size.
     *
     * @param planes receives the volume's logits
     */
    public Trace zoomOut(NetworkPrompt prompt, LogitPlanes planes) {
        CoarseLogits coarse = decoding.coarse(prompt);
        giveCoarse(coarse, 0, coarse.volume().d(), planes);
        return new Trace(null, List.of());
    }

    /**
     * Both stages.
     *
     * @param chooser draws the clicks of the windows
     * @param planes receives the volume's logits
     */
    public Trace zoomIn(NetworkPrompt prompt, PointChooser chooser, LogitPlanes planes) {
        requireAllowed(variant, prompt.viewBox() != null, prompt.viewClicks() != null);
        CoarseLogits coarse = decoding.coarse(prompt);
        Extent volume = coarse.volume(), window = decoding.window();
        ReflectedPrompts maps = new ReflectedPrompts(prompt, variant, window, volume);
        NetworkRegion region = region(coarse, maps);
        if (region == null) {
            giveCoarse(coarse, 0, volume.d(), planes);
            return new Trace(null, List.of());
        }
        SlidingWindow pass = new SlidingWindow(window, region, overlap);
        PublishedWindowPrompts prompts =
                new PublishedWindowPrompts(prompt, maps, coarse, variant, region, pass.windows() == 1, chooser);
        decoding.expect(pass.windows());
        List<WindowRecord> records = new ArrayList<>();
        giveCoarse(coarse, 0, region.d0(), planes);
        float[] whole = new float[volume.h() * volume.w()];
        pass.run(
                (origin, view) -> {
                    WindowPrompt own = prompts.of(origin, view);
                    records.add(new WindowRecord(origin, own));
                    return decoding.window(view, prompt.text(), own);
                },
                (d, refined) -> {
                    coarse.plane(region.d0() + d, whole);
                    overwrite(whole, refined, region, volume);
                    planes.plane(region.d0() + d, whole);
                });
        giveCoarse(coarse, region.d1(), volume.d(), planes);
        return new Trace(region, records);
    }

    /**
     * Windows over the whole volume without a first look. A window gets the part of the box and the clicks that lie in it, exactly where
     * they are; a window that none of them reaches is left out unless there is text.
     *
     * @param planes receives the volume's logits
     */
    public Trace slidingWindow(NetworkPrompt prompt, LogitPlanes planes) {
        NetworkRegion region = NetworkRegion.all(decoding.volume());
        SlidingWindow pass = new SlidingWindow(decoding.window(), region, overlap);
        decoding.expect(pass.windows());
        List<WindowRecord> records = new ArrayList<>();
        pass.run(
                (origin, view) -> {
                    WindowPrompt own = ExactWindowPrompts.of(prompt, view);
                    if (prompt.text() == null && own.box() == null && own.clicks() == null) {
                        decoding.skip();
                        return null;
                    }
                    records.add(new WindowRecord(origin, own));
                    return decoding.window(view, prompt.text(), own);
                },
                planes);
        return new Trace(region, records);
    }

    private NetworkRegion region(CoarseLogits coarse, ReflectedPrompts maps) {
        int[][] bounds = coarse.bounds();
        if (variant.regionWithBox()) {
            bounds = union(bounds, maps.boxBounds());
        }
        return bounds == null
                ? null
                : NetworkRegion.published(bounds[0], bounds[1], decoding.window(), coarse.volume());
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

    private static void giveCoarse(CoarseLogits coarse, int from, int to, LogitPlanes planes) {
        float[] plane = new float[coarse.volume().h() * coarse.volume().w()];
        for (int d = from; d < to; d++) {
            coarse.plane(d, plane);
            planes.plane(d, plane);
        }
    }

    private static void overwrite(float[] whole, float[] part, NetworkRegion region, Extent volume) {
        int width = region.w1() - region.w0();
        for (int h = region.h0(); h < region.h1(); h++) {
            System.arraycopy(part, (h - region.h0()) * width, whole, h * volume.w() + region.w0(), width);
        }
    }
}
