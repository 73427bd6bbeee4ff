package org.segvol.layers;

import java.util.ArrayList;
import java.util.List;
import org.segvol.weights.Extent;
import org.segvol.weights.ModelConfig;

/**
 * Turns clicks, boxes and text embeddings into the decoder's sparse tokens, and gives the position encoding of the token grid
 * (spec 1.4). C = hidden, P = clicks and box corners together.
 *
 * @param config the model's sizes
 */
public record PromptEncoder(ModelConfig config) {
    /** Kinds of a point token, in the order of {@link #sparse}'s one-hot input. */
    public enum Kind {
        /** Filler, label -1: no position. */
        NOT_A_POINT("not_a_point_embed"),
        /** A click outside the structure, label 0. */
        NEGATIVE("point_embeddings.0"),
        /** A click inside, label 1. */
        POSITIVE("point_embeddings.1"),
        /** The corner of a box with the smallest coordinates. */
        LOWER_CORNER("point_embeddings.2"),
        /** The corner with the largest. */
        UPPER_CORNER("point_embeddings.3");

        private final String parameter;

        Kind(String parameter) {
            this.parameter = parameter;
        }
    }

    /**
     * Sparse tokens: points in the order given, then the text.
     *
     * <p>Label {@code sparse}.
     *
     * @param coordinates (B,P,3) unit coordinates as {@link PromptTokens} makes them, or null without points
     * @param kinds (B,P,5) one-hot over {@link Kind}, or null without points
     * @param text (B,1,C) or null
     * @return (B,T,C) with T = P, plus one with text
     */
    public Tensor sparse(Graph g, Tensor coordinates, Tensor kinds, Tensor text) {
        List<Tensor> tokens = new ArrayList<>();
        if (coordinates != null) {
            tokens.add(points(g, coordinates, kinds));
        }
        if (text != null) {
            tokens.add(text);
        }
        return g.label("sparse", g.concat(1, tokens));
    }

    private Tensor points(Graph g, Tensor coordinates, Tensor kinds) {
        int b = coordinates.dim(0), p = coordinates.dim(1), c = config.hidden();
        Tensor waves = fourier(g, g.reshape(coordinates, 1, b * p, 3)); // (1,BP,C)
        Tensor flat = g.reshape(kinds, 1, b * p, Kind.values().length); // (1,BP,5)
        Tensor isFiller = g.slice(flat, 2, 0, 1); // (1,BP,1)
        waves = g.multiply(waves, g.scale(isFiller, -1, 1)); // fillers have no position
        List<Tensor> rows = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            rows.add(g.parameter(Names.PROMPT_ENCODER + kind.parameter + ".weight")); // (1,C)
        }
        Tensor table = g.reshape(g.concat(0, rows), 1, rows.size(), c); // (1,5,C)
        Tensor learned = g.matmul(flat, table, false); // (1,BP,C)
        return g.reshape(g.add(waves, learned), b, p, c);
    }

    /** Position encoding of the token grid, (1,N,C) in (d,h,w) order; the first two axes trade places (spec 1.4.2). */
    public Tensor gridPositions(Graph g) {
        Extent grid = config.grid();
        float[] u = new float[3 * grid.count()];
        int at = 0;
        for (int i = 0; i < grid.d(); i++) {
            for (int j = 0; j < grid.h(); j++) {
                for (int k = 0; k < grid.w(); k++) {
                    u[at++] = (j + 0.5f) / grid.h();
                    u[at++] = (i + 0.5f) / grid.d();
                    u[at++] = (k + 0.5f) / grid.w();
                }
            }
        }
        return g.label("grid_positions", fourier(g, g.constant(u, 1, grid.count(), 3)));
    }

    /** The embedding that stands for "no mask prompt", (1,1,C), the same for every cell. */
    public Tensor dense(Graph g) {
        return g.reshape(g.parameter(Names.PROMPT_ENCODER + "no_mask_embed.weight"), 1, 1, config.hidden());
    }

    /** Unit coordinates (1,M,3) to sines and cosines (1,M,C) (spec 1.4.1). */
    private Tensor fourier(Graph g, Tensor unit) {
        Tensor matrix = g.parameter(Names.PROMPT_ENCODER + "pe_layer.positional_encoding_gaussian_matrix"); // (3,C/2)
        matrix = g.reshape(matrix, 1, 3, config.hidden() / 2);
        Tensor t = g.matmul(g.scale(unit, 2, -1), matrix, false); // (1,M,C/2)
        t = g.scale(t, (float) (2 * Math.PI), 0);
        return g.concat(2, List.of(g.activate(t, Activation.SIN), g.activate(t, Activation.COS)));
    }
}
