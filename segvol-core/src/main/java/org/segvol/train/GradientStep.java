package org.segvol.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.segvol.layers.LinearResize;
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
     * Losses of the requests of a step, in order.
     *
     * @param loss of each mask
     * @param dice the dice loss of each
     */
    record Losses(double[] loss, double[] dice) {}

    /**
     * Losses of the requests, and their gradients into the sink.
     *
     * @param texts token ids of each text
     */
    Losses run(Images images, List<int[]> texts, List<Request> requests, SegVolGradients.Sink sink) {
        int c = config.hidden();
        float[] embeddings = embeddings(texts);
        float[] textGradient = new float[embeddings.length];
        List<float[]> tokenGradients = new ArrayList<>();
        Losses losses = new Losses(new double[requests.size()], new double[requests.size()]);
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
        if (choices.text()) {
            for (int t = 0; t < texts.size(); t++) {
                network.texts(List.of(texts.get(t)))
                        .backward(Arrays.copyOfRange(textGradient, t * c, (t + 1) * c), sink);
            }
        }
        return losses;
    }

    /** Text embeddings, one after the other. */
    private float[] embeddings(List<int[]> texts) {
        int c = config.hidden();
        float[] all = new float[texts.size() * c];
        for (int t = 0; t < texts.size(); t++) {
            System.arraycopy(network.texts(List.of(texts.get(t))).embeddings(), 0, all, t * c, c);
        }
        return all;
    }

    /** Dice of each requested mask against its target, both taken as sets, at the window's size. */
    double[] dice(float[] tokens, List<int[]> texts, List<Request> requests) {
        float[] embeddings = embeddings(texts);
        int voxels = config.lowRes().count();
        double[] dice = new double[requests.size()];
        for (int r = 0; r < dice.length; r++) {
            PromptTokens prompt = tokens(requests.get(r), embeddings);
            float[] masks =
                    network.decoder(tokens, List.of(prompt), choices.points()).masks();
            float[] logits = LinearResize.trilinear(Arrays.copyOf(masks, voxels), config.lowRes(), config.window());
            float[] target = requests.get(r).target();
            long both = 0, all = 0;
            for (int i = 0; i < logits.length; i++) {
                boolean found = logits[i] > 0, wanted = target[i] > 0.5f;
                both += found && wanted ? 1 : 0;
                all += (found ? 1 : 0) + (wanted ? 1 : 0);
            }
            dice[r] = all == 0 ? 1 : 2.0 * both / all;
        }
        return dice;
    }

    private void decode(
            float[] tokens,
            List<Integer> batch,
            List<Request> requests,
            float[] embeddings,
            Losses losses,
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
            losses.loss()[batch.get(b)] = loss.loss();
            losses.dice()[batch.get(b)] = loss.dice();
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
