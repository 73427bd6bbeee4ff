package org.segvol.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.segvol.testing.OtherThread;
import org.segvol.testing.TestConfigs;

/** What the network keeps is computed once, however many threads ask for it. */
class SegVolNetworkTest {
    private final CountDownLatch inside = new CountDownLatch(1), leave = new CountDownLatch(1);
    private final AtomicInteger positions = new AtomicInteger();

    /** An engine that answers with zeros, and slowly when grid positions are asked for. */
    private final class SlowEngine implements Engine {
        @Override
        public String name() {
            return "slow";
        }

        @Override
        public String description() {
            return "zeros";
        }

        @Override
        public Network compile(NetworkDefinition definition) {
            if (definition.outputs().containsKey("grid_positions")) {
                positions.incrementAndGet();
                inside.countDown();
                OtherThread.await(leave);
            }
            return new Network() {
                @Override
                public Map<String, float[]> run(Map<String, float[]> inputs) {
                    definition.requireInputs(inputs);
                    Map<String, float[]> zeros = new HashMap<>();
                    definition.outputs().forEach((label, tensor) -> zeros.put(label, new float[tensor.count()]));
                    return zeros;
                }

                @Override
                public void close() {}
            };
        }

        @Override
        public void close() {}
    }

    @Test
    void gridPositionsAreComputedOnce() throws Exception {
        float[] tokens = new float[TestConfigs.MINI.grid().count() * TestConfigs.MINI.hidden()];
        try (SegVolNetwork network = new SegVolNetwork(TestConfigs.MINI, new SlowEngine())) {
            OtherThread first = OtherThread.start(() -> network.remember(tokens));
            OtherThread.await(inside);
            OtherThread second = OtherThread.start(() -> network.remember(tokens));
            boolean heldUp = second.isHeldUp();
            leave.countDown();
            first.end();
            second.end();
            assertThat(heldUp).isTrue();
            assertThat(positions).hasValue(1);
        }
    }

    @Test
    void aTextWithoutItsEndIsRefusedAlthoughItIsFilledUpWithEnds() {
        int[] ids = {TestConfigs.MINI.startOfText(), 3, 4};
        leave.countDown();
        try (SegVolNetwork network = new SegVolNetwork(TestConfigs.MINI, new SlowEngine())) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> network.encodeText(ids))
                    .withMessageContaining("end-of-text id " + TestConfigs.MINI.endOfText());
        }
    }
}
