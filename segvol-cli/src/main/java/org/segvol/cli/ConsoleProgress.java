package org.segvol.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.segvol.Progress;

/** Progress with the time left, one line on stderr that is written over on a terminal, now and then a line elsewhere. */
final class ConsoleProgress implements Progress {
    private static final long FIRST = 1_000_000_000L;
    private static final long FIRST_ESTIMATE = 3_000_000_000L; // before, compiling counts too much
    private static final long EVERY_TERMINAL = 200_000_000L;
    private static final long EVERY_ELSEWHERE = 10_000_000_000L;

    private final PrintWriter err;
    private final boolean visible;
    private final boolean terminal;
    private final LongSupplier clock;
    private final long start;
    /** When the present count began: a command may make several calls, or go on with an earlier run. */
    private long countedFrom;

    private int firstDone;
    private int lastDone = Integer.MAX_VALUE;
    private long shown;
    private boolean onLine;

    ConsoleProgress(PrintWriter err, boolean visible) {
        this(err, visible, System::nanoTime);
    }

    /** With a clock of nanoseconds. */
    ConsoleProgress(PrintWriter err, boolean visible, LongSupplier clock) {
        this.err = err;
        this.visible = visible;
        this.clock = clock;
        this.start = clock.getAsLong();
        this.terminal = isTerminal();
    }

    @Override
    public void update(String step, int done, int total) {
        long now = clock.getAsLong(), elapsed = now - start;
        if (done < lastDone) {
            countedFrom = now;
            firstDone = done;
        }
        lastDone = done;
        long every = terminal ? EVERY_TERMINAL : EVERY_ELSEWHERE;
        if (!visible || elapsed < FIRST || (shown != 0 && now - shown < every)) {
            return;
        }
        shown = now;
        String left = "";
        long counted = now - countedFrom;
        if (counted >= FIRST_ESTIMATE && done > firstDone && total > done) {
            left = String.format(
                    Locale.ROOT, ", about %.0f s left", counted / 1e9 / (done - firstDone) * (total - done));
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
            clearLine(err);
        }
    }

    /** Clears what progress may have left on a terminal's line; elsewhere there is nothing to clear. */
    static void clearLine(PrintWriter err) {
        if (isTerminal()) {
            err.print("\r" + " ".repeat(70) + "\r");
            err.flush();
        }
    }

    /** Java cannot tell; the launcher can. */
    private static boolean isTerminal() {
        return Boolean.getBoolean("segvol.terminal");
    }
}
