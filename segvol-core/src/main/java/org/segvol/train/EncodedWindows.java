package org.segvol.train;

import java.util.ArrayList;
import java.util.List;
import org.segvol.layers.SegVolGradients;

/** Windows that the image encoder being trained encodes in every step, one at a time. */
final class EncodedWindows implements GradientStep.Images {
    private final List<SegVolGradients.ImagePart> parts = new ArrayList<>();
    private final SegVolGradients.Sink sink;

    EncodedWindows(SegVolGradients network, List<float[]> windows, SegVolGradients.Sink sink) {
        for (float[] window : windows) {
            parts.add(network.images(List.of(window)));
        }
        this.sink = sink;
    }

    @Override
    public int count() {
        return parts.size();
    }

    @Override
    public float[] tokens(int image) {
        return parts.get(image).tokens();
    }

    @Override
    public void backward(List<float[]> gradients) {
        for (int i = 0; i < parts.size(); i++) {
            parts.get(i).backward(gradients.get(i), sink);
        }
    }
}
