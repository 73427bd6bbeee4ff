package org.segvol.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.segvol.testing.OtherThread;

/** A gate lets many through at once, and nothing is freed under them. */
class RunGateTest {
    private final CountDownLatch inside = new CountDownLatch(1), leave = new CountDownLatch(1);
    private final AtomicInteger freed = new AtomicInteger();
    private final RunGate gate = new RunGate("the engine");

    private void linger() {
        inside.countDown();
        OtherThread.await(leave);
    }

    private OtherThread working() {
        OtherThread first = OtherThread.start(() -> gate.pass(() -> {
            linger();
            assertThat(freed).hasValue(0);
            return null;
        }));
        OtherThread.await(inside);
        return first;
    }

    private OtherThread closing() {
        OtherThread first = OtherThread.start(() -> gate.close(() -> {
            linger();
            freed.incrementAndGet();
        }));
        OtherThread.await(inside);
        return first;
    }

    @Test
    void closingWaitsForWorkInProgress() throws Exception {
        OtherThread work = working();
        OtherThread closing = OtherThread.start(() -> gate.close(freed::incrementAndGet));
        boolean heldUp = closing.isHeldUp();
        leave.countDown();
        work.end();
        closing.end();
        assertThat(heldUp).isTrue();
        assertThat(freed).hasValue(1);
        assertThatIllegalStateException()
                .isThrownBy(() -> gate.pass(() -> null))
                .withMessage("the engine was closed");
    }

    @Test
    void twoMayWorkAtOnce() throws Exception {
        OtherThread work = working();
        assertThat(gate.<Integer>pass(() -> 7)).isEqualTo(7);
        leave.countDown();
        work.end();
    }

    @Test
    void workThatComesDuringClosingWaitsAndIsRefused() throws Exception {
        OtherThread closing = closing();
        OtherThread work = OtherThread.start(() -> gate.pass(() -> null));
        boolean heldUp = work.isHeldUp();
        leave.countDown();
        closing.end();
        assertThat(heldUp).isTrue();
        assertThatThrownBy(work::end).isInstanceOf(IllegalStateException.class).hasMessage("the engine was closed");
    }

    @Test
    void theSecondToCloseWaitsForTheFirst() throws Exception {
        OtherThread first = closing();
        OtherThread second = OtherThread.start(() -> gate.close(freed::incrementAndGet));
        boolean heldUp = second.isHeldUp();
        leave.countDown();
        first.end();
        second.end();
        assertThat(heldUp).isTrue();
        assertThat(freed).hasValue(1);
    }
}
