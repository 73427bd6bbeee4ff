package org.segvol.layers;

/**
 * Attention between two sets of tokens with its own four projections, all with biases (spec 1.5.3). The projections of the image side
 * stand apart, because those of the first layer depend on the image alone and can be kept between prompts.
 *
 * @param name root of the parameter names, ending with a dot
 * @param heads attention heads
 */
record TwoWayAttention(String name, int heads) {
    /** (B,N,C) to the inner width. */
    Tensor queries(Graph g, Tensor x) {
        return g.linear(x, name + "q_proj");
    }

    /** (B,N,C) to the inner width. */
    Tensor keys(Graph g, Tensor x) {
        return g.linear(x, name + "k_proj");
    }

    /** (B,N,C) to the inner width. */
    Tensor values(Graph g, Tensor x) {
        return g.linear(x, name + "v_proj");
    }

    /** Attention over projected tokens, projected back to (B,Nq,C); {@code bias} (B,Nq,N) or null. */
    Tensor attend(Graph g, Tensor queries, Tensor keys, Tensor values, Tensor bias) {
        return g.linear(g.attention(queries, keys, values, heads, bias), name + "out_proj");
    }

    /** {@code residual} plus {@link #attend}. */
    Tensor addAttended(Graph g, Tensor residual, Tensor queries, Tensor keys, Tensor values, Tensor bias) {
        return g.addLinear(residual, g.attention(queries, keys, values, heads, bias), name + "out_proj");
    }
}
