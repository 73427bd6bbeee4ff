package org.segvol.infer;

import org.segvol.preprocess.Variant;
import org.segvol.prompt.Clicks;
import org.segvol.prompt.LabelPrompts;
import org.segvol.prompt.NetworkBox;
import org.segvol.prompt.PointChooser;
import org.segvol.weights.Extent;

/** The spatial prompts that the published programs give to a window (spec 4.6.3). */
final class PublishedWindowPrompts {
    private static final int EXTRA_CLICKS = 4;

    private final NetworkPrompt prompt;
    private final ReflectedPrompts maps;
    private final CoarseLogits coarse;
    private final Variant variant;
    private final NetworkRegion region;
    private final boolean single;
    private final PointChooser chooser;

    PublishedWindowPrompts(
            NetworkPrompt prompt,
            ReflectedPrompts maps,
            CoarseLogits coarse,
            Variant variant,
            NetworkRegion region,
            boolean single,
            PointChooser chooser) {
        this.prompt = prompt;
        this.maps = maps;
        this.coarse = coarse;
        this.variant = variant;
        this.region = region;
        this.single = single;
        this.chooser = chooser;
    }

    /**
     * The prompts of a window.
     *
     * @param origin of the window in the padded region
     * @param view the window over the volume
     */
    WindowPrompt of(int[] origin, VolumeView view) {
        Extent window = view.size();
        // maps that do not get the region's padding are shifted against the padded image: must match
        VolumeView mapView = variant.padPromptMaps()
                ? view
                : new VolumeView(
                        region.d0() + origin[0], region.h0() + origin[1], region.w0() + origin[2], window, region);
        Clicks clicks = null;
        NetworkBox box = null;
        if (prompt.viewClicks() != null) {
            clicks = LabelPrompts.clicks(maps.clicks(mapView), window, EXTRA_CLICKS, 0, -1, chooser);
            box = boxOf(coarse.positives(view), window);
        }
        if (prompt.viewBox() != null) {
            box = boxOf(single ? maps.box(mapView) : coarse.positives(view), window);
        }
        return new WindowPrompt(box, clicks);
    }

    private NetworkBox boxOf(byte[] mask, Extent size) {
        return variant.middleBox() ? LabelPrompts.middleBox(mask, size) : LabelPrompts.box(mask, size);
    }
}
