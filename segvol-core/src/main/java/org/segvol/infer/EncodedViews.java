package org.segvol.infer;

import java.util.function.Supplier;
import org.segvol.layers.SegVolNetwork.DecoderMemory;

/** The encoded views of one volume that outlive a call: the zoom-out view, and windows as far as there is room. */
public final class EncodedViews {
    private final WindowCache windows;
    private DecoderMemory zoomOut;

    /** No views yet; windows may take up to {@code cacheBytes}. */
    public EncodedViews(long cacheBytes) {
        this.windows = new WindowCache(cacheBytes);
    }

    /** The zoom-out view, encoded when it is first asked for. */
    public DecoderMemory zoomOut(Supplier<DecoderMemory> encode) {
        if (zoomOut == null) {
            zoomOut = encode.get();
        }
        return zoomOut;
    }

    /** The windows. */
    public WindowCache windows() {
        return windows;
    }
}
