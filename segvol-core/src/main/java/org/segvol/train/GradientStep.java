package org.segvol.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.segvol.layers.PromptTokens;
import org.segvol.layers.SegVolGradients;
import org.segvol.weights.ModelConfig;

/**
 * One forward and backward pass over the parts of the network: windows and texts are encoded once, all masks asked of them are decoded in
 * batches, and the gradients of image tokens and text embeddings, summed over the batches, go back to the encoders that are trained.
 */
final class GradientStep {
    private final SegVolGradients network;
    private final ModelConfig config;
    private final Choices choices;

    /**
     * What a step does.
     *
     * @param image whether the image encoder is trained
     * @param text whether a parameter of the text encoder is trained
     * @param dice over what the dice loss is taken
     * @param batch masks decoded at once
     * @param points point tokens that prompts are filled up to
     */
    record Choices(boolean image, boolean text, MaskLoss.Dice dice, int batch, int points) {}

    GradientStep(SegVolGradients network, Choices choices) {
        this.network = network;
        this.config = network.config();
        this.choices = choices;
    }

    /** The windows of a step: to be encoded, or encoded already. */
    interface Images {
        /** How many. */
        int count();

        /** Image tokens (N,C) of one. */
        float[] tokens(int image);

        /** Takes the gradient of the tokens of all of them, one array each. */
        void backward(List<float[]> gradients);
    }

    /**
     * Losses of the requests, in order, and their gradients into the sink.
     *
     * @param texts token ids of each text
     */
    double[] run(Images images, List<int[]> texts, List<Request> requests, SegVolGradients.Sink sink) {
        int c = config.hidden();
        SegVolGradients.TextPart textPart = texts.isEmpty() ? null : network.texts(texts);
        float[] embeddings = textPart == null ? new float[0] : textPart.embeddings();
        float[] textGradient = new float[embeddings.length];
        List<float[]> tokenGradients = new ArrayList<>();
        double[] losses = new double[requests.size()];
        for (int image = 0; image < images.count(); image++) {
            float[] gradient = new float[config.grid().count() * c];
            tokenGradients.add(gradient);
            List<Integer> own = new ArrayList<>();
            for (int r = 0; r < requests.size(); r++) {
                if (requests.get(r).image() == image) {
                    own.add(r);
                }
            }
            float[] tokens = own.isEmpty() ? null : images.tokens(image);
            for (int from = 0; from < own.size(); from += choices.batch()) {
                List<Integer> batch = own.subList(from, Math.min(own.size(), from + choices.batch()));
                decode(tokens, batch, requests, embeddings, losses, gradient, textGradient, sink);
            }
        }
        if (choices.image()) {
            images.backward(tokenGradients);
        }
        if (choices.text() && textPart != null) {
            textPart.backward(textGradient, sink);
        }
        return losses;
    }

    private void decode(
            float[] tokens,
            List<Integer> batch,
            List<Request> requests,
            float[] embeddings,
            double[] losses,
            float[] tokenGradient,
            float[] textGradient,
            SegVolGradients.Sink sink) {
        int c = config.hidden(), voxels = config.lowRes().count();
        List<PromptTokens> prompts = new ArrayList<>();
        for (int r : batch) {
            prompts.add(tokens(requests.get(r), embeddings));
        }
        SegVolGradients.DecoderPart part = network.decoder(tokens, prompts, choices.points());
        float[] masks = part.masks();
        float[] upstream = new float[masks.length];
        for (int b = 0; b < batch.size(); b++) {
            Request request = requests.get(batch.get(b));
            float[] one = Arrays.copyOfRange(masks, b * voxels, (b + 1) * voxels);
            MaskLoss loss = MaskLoss.of(one, config.lowRes(), request.target(), config.window(), choices.dice());
            losses[batch.get(b)] = loss.loss();
            for (int i = 0; i < voxels; i++) {
                upstream[b * voxels + i] = (float) (loss.gradient()[i] * request.weight());
            }
        }
        SegVolGradients.DecoderPart.Back back = part.backward(upstream, sink);
        add(back.tokens(), 0, tokenGradient, 0, tokenGradient.length);
        for (int b = 0; b < batch.size(); b++) {
            int text = requests.get(batch.get(b)).text();
            if (text >= 0) {
                add(back.texts(), b * c, textGradient, text * c, c);
            }
        }
    }

    private static void add(float[] from, int at, float[] to, int start, int count) {
        for (int i = 0; i < count; i++) {
            to[start + i] += from[at + i];
        }
    }

    private PromptTokens tokens(Request request, float[] embeddings) {
        int c = config.hidden();
        return PromptTokens.of(
                config.window(),
                request.clicks() == null ? null : request.clicks().coordinates(),
                request.clicks() == null ? null : request.clicks().labels(),
                request.box() == null ? null : request.box().toArray(),
                request.text() < 0
                        ? null
                        : Arrays.copyOfRange(embeddings, request.text() * c, (request.text() + 1) * c));
    }
}
