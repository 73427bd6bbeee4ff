package org.segvol.infer;

import org.segvol.preprocess.Variant;
import org.segvol.prompt.Clicks;
import org.segvol.prompt.LabelPrompts;
import org.segvol.prompt.NetworkBox;
import org.segvol.prompt.PointChooser;
import org.segvol.weights.Extent;

/** The spatial prompts that the published programs give to a window (spec 4.6.3). */
final class PublishedWindowPrompts implements WindowPrompts {
    private static final int EXTRA_CLICKS = 4;

    private final NetworkPrompt prompt;
    private final ReflectedPrompts maps;
    private final CoarseField coarse;
    private final Variant variant;
    private final WindowLayout layout;
    private final boolean single;
    private final PointChooser chooser;

    PublishedWindowPrompts(
            NetworkPrompt prompt,
            ReflectedPrompts maps,
            CoarseField coarse,
            Variant variant,
            WindowLayout layout,
            boolean single,
            PointChooser chooser) {
        this.prompt = prompt;
        this.maps = maps;
        this.coarse = coarse;
        this.variant = variant;
        this.layout = layout;
        this.single = single;
        this.chooser = chooser;
    }

    @Override
    public WindowPrompt of(int[] origin, VolumeView view) {
        Extent window = view.size();
        // maps that do not get the region's padding are shifted against the padded image: must match
        VolumeView mapView = variant.padPromptMaps() ? view : unpadded(view);
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

    private VolumeView unpadded(VolumeView view) {
        NetworkRegion region = layout.visible();
        int[] start = layout.start();
        return new VolumeView(
                view.d0() + Math.max(0, region.d0() - start[0]),
                view.h0() + Math.max(0, region.h0() - start[1]),
                view.w0() + Math.max(0, region.w0() - start[2]),
                view.size(),
                region);
    }

    private NetworkBox boxOf(byte[] mask, Extent size) {
        return variant.middleBox() ? LabelPrompts.middleBox(mask, size) : LabelPrompts.box(mask, size);
    }
}
