package org.segvol;

import java.util.concurrent.CancellationException;
import org.segvol.Timings.Stage;
import org.segvol.infer.Decoding;
import org.segvol.infer.EncodedViews;
import org.segvol.infer.NetworkPrompt;
import org.segvol.infer.NetworkRegion;
import org.segvol.infer.VolumeView;
import org.segvol.infer.WindowPrompt;
import org.segvol.layers.PromptTokens;
import org.segvol.layers.SegVolNetwork;
import org.segvol.layers.SegVolNetwork.DecoderMemory;
import org.segvol.preprocess.NetworkVolume;
import org.segvol.prompt.Clicks;
import org.segvol.prompt.NetworkBox;
import org.segvol.weights.Extent;

/** The network on one volume, for one call: encodes what is not yet encoded, decodes prompts, keeps time and reports progress. */
final class VolumeDecoding implements Decoding {
    private final SegVolNetwork network;
    private final boolean exactView;
    private final NetworkVolume volume;
    private final EncodedViews views;
    private final Progress progress;
    private final Timings timings;
    private int encoderPasses;
    private int done;
    private int total;

    /**
     * A call on a volume.
     *
     * @param exactView whether the zoom-out view is encoded in float32 by an engine that rounds: a rounding error that moves the region in which
     *     windows lie changes everything after it
     * @param views embeddings that outlive the call
     */
    VolumeDecoding(
            SegVolNetwork network,
            boolean exactView,
            NetworkVolume volume,
            EncodedViews views,
            Progress progress,
            Timings timings) {
        this.network = network;
        this.exactView = exactView;
        this.volume = volume;
        this.views = views;
        this.progress = progress;
        this.timings = timings;
    }

    /** Image encoder passes so far. */
    int encoderPasses() {
        return encoderPasses;
    }

    @Override
    public Extent window() {
        return network.config().window();
    }

    @Override
    public Extent volume() {
        return volume.extent();
    }

    @Override
    public void expect(int windows) {
        total += windows;
    }

    @Override
    public float[] zoomOut(NetworkPrompt prompt) {
        total++;
        step("whole volume");
        DecoderMemory memory = encodeZoomOut();
        float[] logits = decode(memory, prompt.text(), prompt.viewClicks(), prompt.viewBox());
        done++;
        return logits;
    }

    /** The zoom-out view's embedding, made when it is not there. */
    DecoderMemory encodeZoomOut() {
        return views.zoomOut(
                () -> encode(timings.measure(Stage.PREPROCESS, () -> volume.zoomOut(window())), exactView));
    }

    @Override
    public float[] window(VolumeView view, float[] text, WindowPrompt prompt) {
        step("window");
        DecoderMemory memory = views.windows().get(view, () -> encode(crop(view), false));
        float[] logits = decode(memory, text, prompt.clicks(), prompt.box());
        done++;
        return logits;
    }

    /** Reports that the call has come to its end. */
    void finish() {
        if (total > 0) {
            progress.update("done", done, total);
        }
    }

    private void step(String what) {
        if (progress.isCancelled()) {
            throw new CancellationException("cancelled after " + done + " of " + total + " window passes");
        }
        progress.update(what, done, total);
    }

    /** The voxels under a window, zero where the region ends (spec 4.6.1). */
    private float[] crop(VolumeView view) {
        Extent size = view.size();
        NetworkRegion visible = view.visible();
        int d0 = Math.max(view.d0(), visible.d0()), d1 = Math.min(view.d0() + size.d(), visible.d1());
        int h0 = Math.max(view.h0(), visible.h0()), h1 = Math.min(view.h0() + size.h(), visible.h1());
        int w0 = Math.max(view.w0(), visible.w0()), w1 = Math.min(view.w0() + size.w(), visible.w1());
        Extent inner = new Extent(d1 - d0, h1 - h0, w1 - w0);
        float[] voxels = new float[inner.count()];
        volume.copy(d0, h0, w0, inner, voxels);
        if (inner.equals(size)) {
            return voxels;
        }
        float[] padded = new float[size.count()];
        for (int d = 0; d < inner.d(); d++) {
            for (int h = 0; h < inner.h(); h++) {
                int to = ((d + d0 - view.d0()) * size.h() + h + h0 - view.h0()) * size.w() + w0 - view.w0();
                System.arraycopy(voxels, (d * inner.h() + h) * inner.w(), padded, to, inner.w());
            }
        }
        return padded;
    }

    private DecoderMemory encode(float[] voxels, boolean exactly) {
        encoderPasses++;
        return timings.measure(
                Stage.ENCODE,
                () -> network.remember(exactly ? network.encodeImageExactly(voxels) : network.encodeImage(voxels)));
    }

    private float[] decode(DecoderMemory memory, float[] text, Clicks clicks, NetworkBox box) {
        float[] low = timings.measure(Stage.DECODE, () -> {
            PromptTokens tokens = PromptTokens.of(
                    window(),
                    clicks == null ? null : clicks.coordinates(),
                    clicks == null ? null : clicks.labels(),
                    box == null ? null : box.toArray(),
                    text);
            return network.decode(memory, tokens);
        });
        return timings.measure(Stage.POSTPROCESS, () -> network.enlarge(low, window()));
    }
}
