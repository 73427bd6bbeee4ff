package org.segvol.infer;

import org.segvol.weights.Extent;

/** The network as zoom inference sees it: logits of the zoom-out view and of windows of one volume. */
public interface Decoding {
    /** The network's input size. */
    Extent window();

    /** The volume's size in network space. */
    Extent volume();

    /** The zoom-out view's logits for a prompt, (d,h,w) of the window. */
    float[] zoomOut(NetworkPrompt prompt);

    /** Says how many windows follow. */
    void expect(int windows);

    /**
     * The logits of a window, (d,h,w).
     *
     * @param view where it lies
     * @param text the text embedding, or null
     * @param prompt its spatial prompts
     */
    float[] window(VolumeView view, float[] text, WindowPrompt prompt);
}
