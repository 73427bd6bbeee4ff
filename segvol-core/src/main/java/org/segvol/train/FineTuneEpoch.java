package org.segvol.train;

/**
 * One visit of all cases.
 *
 * @param epoch counted from 1
 * @param loss mean over its steps that asked for masks, or NaN without any
 * @param dice mean over its steps that asked for masks that are not empty, or NaN without any
 * @param validationDice mean Dice of held-out cases by text and box on the zoom-out view, or NaN without any
 * @param best whether these are the best weights so far
 */
public record FineTuneEpoch(int epoch, double loss, double dice, double validationDice, boolean best) {}
