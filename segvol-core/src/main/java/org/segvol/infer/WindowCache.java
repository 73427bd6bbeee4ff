package org.segvol.infer;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.segvol.layers.SegVolNetwork.DecoderMemory;

/**
 * Encoded windows of one volume, the most recently used ones kept as far as a number of bytes allows. Used by one thread at a time.
 */
public final class WindowCache {
    /**
     * What the encoder saw: where the window lay and how much of it was the volume and not padding.
     *
     * @param d0 first plane in the volume
     * @param h0 first row
     * @param w0 first column
     * @param visible what of the window was visible, clipped to it
     */
    private record Key(int d0, int h0, int w0, NetworkRegion visible) {}

    private final long limit;
    private final Map<Key, DecoderMemory> kept = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    /** A cache that holds at most {@code limit} bytes. */
    public WindowCache(long limit) {
        this.limit = limit;
    }

    /** A window's embedding, encoded when it is not kept. */
    public DecoderMemory get(VolumeView view, Supplier<DecoderMemory> encode) {
        NetworkRegion v = view.visible();
        Key key = new Key(
                view.d0(),
                view.h0(),
                view.w0(),
                new NetworkRegion(
                        Math.max(v.d0(), view.d0()),
                        Math.max(v.h0(), view.h0()),
                        Math.max(v.w0(), view.w0()),
                        Math.min(v.d1(), view.d0() + view.size().d()),
                        Math.min(v.h1(), view.h0() + view.size().h()),
                        Math.min(v.w1(), view.w0() + view.size().w())));
        DecoderMemory known = kept.get(key);
        if (known == null) {
            known = encode.get();
            if (known.bytes() <= limit) {
                kept.put(key, known);
                bytes += known.bytes();
                dropOldest();
            }
        }
        return known;
    }

    private void dropOldest() {
        var oldest = kept.values().iterator();
        while (bytes > limit) {
            bytes -= oldest.next().bytes();
            oldest.remove();
        }
    }

    /** Bytes held now. */
    public long bytes() {
        return bytes;
    }
}
