package org.segvol.cli;

import java.io.PrintWriter;
import java.util.Locale;
import org.segvol.Progress;

/** Progress with the time left, one line on stderr that is written over on a terminal, now and then a line elsewhere. */
final class ConsoleProgress implements Progress {
    private static final long FIRST = 1_000_000_000L;
    private static final long FIRST_ESTIMATE = 3_000_000_000L; // before, starting up counts too much
    private static final long EVERY_TERMINAL = 200_000_000L;
    private static final long EVERY_ELSEWHERE = 10_000_000_000L;

    private final PrintWriter err;
    private final boolean visible;
    private final boolean terminal;
    private final long start = System.nanoTime();
    private long shown;
    private boolean onLine;

    ConsoleProgress(PrintWriter err, boolean visible) {
        this.err = err;
        this.visible = visible;
        this.terminal = Boolean.getBoolean("segvol.terminal"); // Java cannot tell; the launcher can
    }

    @Override
    public void update(String step, int done, int total) {
        long now = System.nanoTime(), elapsed = now - start;
        long every = terminal ? EVERY_TERMINAL : EVERY_ELSEWHERE;
        if (!visible || elapsed < FIRST || (shown != 0 && now - shown < every)) {
            return;
        }
        shown = now;
        String left = "";
        if (elapsed >= FIRST_ESTIMATE && done > 0 && total > done) {
            left = String.format(Locale.ROOT, ", about %.0f s left", elapsed / 1e9 / done * (total - done));
        }
        String text = String.format(Locale.ROOT, "%s: %d of %d%s", step, done, total, left);
        if (terminal) {
            err.print("\r" + text + " ".repeat(Math.max(0, 60 - text.length())));
            err.flush();
            onLine = true;
        } else {
            err.println(text);
        }
    }

    /** Ends the line. */
    void finish() {
        if (onLine) {
            err.print("\r" + " ".repeat(70) + "\r");
            err.flush();
        }
    }
}
