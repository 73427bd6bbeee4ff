package org.segvol.train;

import java.util.List;

/** Losses of the masks of one update. */
final class StepSums {
    private double loss;
    private double dice;
    private int masks;
    private int filled;

    void add(GradientStep.Losses losses, List<Request> requests) {
        for (int r = 0; r < requests.size(); r++) {
            loss += losses.loss()[r];
            masks++;
            if (hasAny(requests.get(r))) { // Dice says nothing of a mask that should be empty
                dice += 1 - losses.dice()[r];
                filled++;
            }
        }
    }

    private static boolean hasAny(Request request) {
        for (float t : request.target()) {
            if (t > 0) {
                return true;
            }
        }
        return false;
    }

    /** Whether no mask was asked for. */
    boolean isEmpty() {
        return masks == 0;
    }

    /** Mean loss of a mask; NaN without any. */
    double loss() {
        return masks == 0 ? Double.NaN : loss / masks;
    }

    /** Mean Dice of the masks that should not be empty; NaN without any. */
    double dice() {
        return filled == 0 ? Double.NaN : dice / filled;
    }
}
