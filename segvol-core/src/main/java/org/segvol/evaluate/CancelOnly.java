package org.segvol.evaluate;

import org.segvol.Progress;

/** Hears nothing of single windows, and passes on the wish to stop. */
record CancelOnly(Progress outer) implements Progress {
    @Override
    public void update(String step, int done, int total) {}

    @Override
    public boolean isCancelled() {
        return outer.isCancelled();
    }
}
