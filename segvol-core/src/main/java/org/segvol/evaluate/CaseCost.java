package org.segvol.evaluate;

import org.segvol.Mode;

/**
 * What all prompts of one case together took in one mode, in one session.
 *
 * @param caseName the case
 * @param mode how the volume was looked at
 * @param prompts how many there were
 * @param encoderPasses image encoder passes
 * @param seconds of inference; scoring and reading not counted
 */
public record CaseCost(String caseName, Mode mode, int prompts, int encoderPasses, double seconds) {}
