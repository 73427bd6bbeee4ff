package org.segvol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.segvol.image.GridSize;
import org.segvol.layers.Engine;
import org.segvol.layers.Network;
import org.segvol.layers.NetworkDefinition;
import org.segvol.testing.OtherThread;
import org.segvol.testing.SyntheticWeights;
import org.segvol.testing.TestConfigs;
import org.segvol.weights.Checkpoint;

/** Closing models and sessions while other threads use or close them. */
class ClosingTest {
    private final CountDownLatch inside = new CountDownLatch(1), leave = new CountDownLatch(1);
    private final AtomicInteger closed = new AtomicInteger();

    /** An engine that runs nothing; closing it takes until the test lets it go. */
    private final class SlowToClose implements Engine {
        @Override
        public String name() {
            return "slow";
        }

        @Override
        public String description() {
            return "runs nothing";
        }

        @Override
        public Network compile(NetworkDefinition definition) {
            throw new IllegalStateException("this engine runs nothing");
        }

        @Override
        public void close() {
            closed.incrementAndGet();
            inside.countDown();
            OtherThread.await(leave);
        }
    }

    private SegVol model() throws IOException {
        Checkpoint weights = Checkpoint.open(SyntheticWeights.fullSizeFile(TestConfigs.MINI, 2));
        return new SegVol(weights, TestConfigs.MINI, new SlowToClose(), 0);
    }

    @Test
    void theSecondToCloseAModelWaitsForTheFirst() throws Exception {
        SegVol model = model();
        OtherThread first = OtherThread.start(model::close);
        OtherThread.await(inside);
        OtherThread second = OtherThread.start(model::close);
        boolean heldUp = second.isHeldUp();
        leave.countDown();
        first.end();
        second.end();
        assertThat(heldUp).isTrue();
        assertThat(closed).hasValue(1);
    }

    /** A thread that does nothing but look must see that the model was closed: compiled code may not look just once. */
    @Test
    void everyThreadSeesThatAModelIsClosed() throws Exception {
        SegVol model = model();
        OtherThread looking = OtherThread.start(() -> {
            while (true) {
                model.requireOpen();
            }
        });
        Thread.sleep(2000); // until the loop is compiled
        leave.countDown();
        model.close();
        assertThatIllegalStateException().isThrownBy(looking::end).withMessageContaining("the model was closed");
    }

    @Test
    void closingASessionWaitsForItsCall() throws Exception {
        Progress slow = (step, done, total) -> {
            inside.countDown();
            OtherThread.await(leave);
        };
        try (SegVol model = SegVol.load(SyntheticWeights.fullSizeFile(TestConfigs.MINI, 2))) {
            Session session = model.open(
                    SessionTest.volume("closing test", new GridSize(40, 30, 20)), Options.DEFAULT.withProgress(slow));
            Prompt prompt = Prompt.box(5, 5, 5, 30, 20, 15);
            OtherThread call = OtherThread.start(() -> session.segment(prompt));
            OtherThread.await(inside);
            OtherThread closing = OtherThread.start(session::close);
            boolean heldUp = closing.isHeldUp();
            leave.countDown();
            call.end();
            closing.end();
            assertThat(heldUp).isTrue();
            assertThatIllegalStateException()
                    .isThrownBy(() -> session.segment(prompt))
                    .withMessage("the session was closed");
        }
    }
}
