package org.segvol.evaluate;

import org.segvol.Mode;

/**
 * One structure of one case, asked for in one way.
 *
 * @param caseName the case
 * @param structure the structure's name
 * @param mode how the volume was looked at
 * @param prompt what it was asked for by
 * @param scores how well the result agrees with the label
 * @param viewDice Dice at window resolution: what the zoom-out view found by itself against the label as the view shows it; NaN in modes without
 *     such a view
 * @param windows image encoder passes that this prompt alone needs: the zoom-out view, where there is one, and its windows
 * @param encoderPasses passes that it took here, after the case's earlier prompts in this mode, whose embeddings were used again
 * @param seconds that it took here
 */
public record Measurement(
        String caseName,
        String structure,
        Mode mode,
        PromptKind prompt,
        MaskScores scores,
        double viewDice,
        int windows,
        int encoderPasses,
        double seconds) {}
