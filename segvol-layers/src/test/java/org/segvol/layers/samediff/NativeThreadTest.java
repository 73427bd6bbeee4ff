package org.segvol.layers.samediff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.segvol.layers.Network;
import org.segvol.layers.NetworkParts;
import org.segvol.testing.OtherThread;
import org.segvol.testing.SyntheticWeights;
import org.segvol.testing.TestConfigs;

/** ND4J is called from one thread, by one task at a time, and not after the end. */
class NativeThreadTest {
    private final CountDownLatch inside = new CountDownLatch(1), leave = new CountDownLatch(1);
    private final List<String> done = new ArrayList<>(); // written by the native thread alone

    private Thread slow(String name) {
        inside.countDown();
        OtherThread.await(leave);
        done.add(name);
        return Thread.currentThread();
    }

    @Test
    void oneTaskAtATimeOnOneThread() throws Exception {
        NativeThread thread = new NativeThread(0);
        List<Thread> used = new ArrayList<>();
        OtherThread first = OtherThread.start(() -> used.add(thread.run(() -> slow("first"))));
        OtherThread.await(inside);
        OtherThread second = OtherThread.start(() -> thread.run(() -> done.add("second")));
        boolean heldUp = second.isHeldUp();
        leave.countDown();
        first.end();
        second.end();
        assertThat(heldUp).isTrue();
        used.add(thread.run(Thread::currentThread));
        thread.close(() -> done.add("last"));
        assertThat(done).containsExactly("first", "second", "last");
        assertThat(used.get(0)).isSameAs(used.get(1)).isNotSameAs(Thread.currentThread());
        thread.close(() -> done.add("again"));
        thread.later(() -> done.add("later"));
        assertThat(done).hasSize(3);
        assertThatIllegalStateException()
                .isThrownBy(() -> thread.run(() -> done.add("late")))
                .withMessage("the engine was closed");
    }

    @Test
    void closingWaitsForTheTaskInProgress() throws Exception {
        NativeThread thread = new NativeThread(0);
        OtherThread first = OtherThread.start(() -> thread.run(() -> slow("first")));
        OtherThread.await(inside);
        OtherThread closing = OtherThread.start(() -> thread.close(() -> done.add("last")));
        boolean heldUp = closing.isHeldUp();
        leave.countDown();
        first.end();
        closing.end();
        assertThat(heldUp).isTrue();
        assertThat(done).containsExactly("first", "last");
    }

    /** The executor still takes tasks between the last one and its shutdown. */
    @Test
    void aTaskBehindTheLastOneIsRefused() throws Exception {
        NativeThread thread =
                new NativeThread(new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>()) {
                    @Override
                    public void shutdown() {
                        inside.countDown();
                        OtherThread.await(leave);
                        super.shutdown();
                    }
                });
        OtherThread closing = OtherThread.start(() -> thread.close(() -> done.add("last")));
        OtherThread.await(inside);
        AtomicInteger late = new AtomicInteger();
        assertThatIllegalStateException()
                .isThrownBy(() -> thread.run(late::incrementAndGet))
                .withMessage("the engine was closed");
        leave.countDown();
        closing.end();
        assertThat(late).hasValue(0);
        assertThat(done).containsExactly("last");
    }

    @Test
    void aClosedNetworkRefuses() {
        SyntheticWeights weights = new SyntheticWeights(TestConfigs.MINI, 1);
        try (SameDiffEngine engine = new SameDiffEngine(weights, 0)) {
            Network network = engine.compile(new NetworkParts(TestConfigs.MINI).gridPositions());
            assertThat(network.run(Map.of())).containsKey("grid_positions");
            network.close();
            assertThatIllegalStateException()
                    .isThrownBy(() -> network.run(Map.of()))
                    .withMessage("this network was closed");
        }
    }
}
