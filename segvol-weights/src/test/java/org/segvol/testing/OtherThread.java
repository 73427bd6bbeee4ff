package org.segvol.testing;

import java.lang.Thread.State;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A second thread of a test, to see whether a lock holds it up. */
public final class OtherThread {
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(20);
    private static final long LASTING =
            TimeUnit.MILLISECONDS.toNanos(50); // longer than any wait of a class loader or the like

    private final Thread thread;
    private volatile Throwable failure;

    private OtherThread(Body body) {
        this.thread = new Thread(
                () -> {
                    try {
                        body.run();
                    } catch (Throwable e) {
                        failure = e;
                    }
                },
                "other thread");
        thread.setDaemon(true);
    }

    /** What the thread does. */
    @FunctionalInterface
    public interface Body {
        /** Does it. */
        void run() throws Exception;
    }

    /** Starts one. */
    public static OtherThread start(Body body) {
        OtherThread other = new OtherThread(body);
        other.thread.start();
        return other;
    }

    /** Waits until the thread has ended or stands still for good. True when a lock holds it up, and not a latch of the test. */
    public boolean isHeldUp() throws InterruptedException {
        long start = System.nanoTime(), since = start;
        State last = State.NEW;
        while (System.nanoTime() - start < PATIENCE) {
            State state = thread.getState();
            if (state == State.TERMINATED) {
                return false;
            }
            if (state != last || state == State.RUNNABLE) {
                since = System.nanoTime();
                last = state;
            } else if (System.nanoTime() - since > LASTING) {
                return state != State.TIMED_WAITING; // a lock has no time limit, a latch has
            }
            Thread.sleep(1);
        }
        throw new AssertionError("the other thread neither ended nor stood still: " + thread.getState());
    }

    /** Waits for its end; what it threw is thrown here. */
    public void end() throws Exception {
        thread.join(TimeUnit.NANOSECONDS.toMillis(PATIENCE));
        if (thread.isAlive()) {
            throw new AssertionError("the other thread did not end: " + thread.getState());
        }
        if (failure instanceof Exception e) {
            throw e;
        } else if (failure instanceof Error e) {
            throw e;
        }
    }

    /** Waits for a latch that another thread opens, not for ever. */
    public static void await(CountDownLatch latch) {
        try {
            if (!latch.await(PATIENCE, TimeUnit.NANOSECONDS)) {
                throw new AssertionError("a latch was not opened");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}
