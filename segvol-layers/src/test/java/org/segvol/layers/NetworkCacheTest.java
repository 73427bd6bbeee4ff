package org.segvol.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.segvol.testing.OtherThread;

/** The cache of compiled networks under several threads: each of its locks is needed. */
class NetworkCacheTest {
    private final CountDownLatch inside = new CountDownLatch(1), leave = new CountDownLatch(1);
    private final NetworkCache<Object> cache = new NetworkCache<>(1);

    /** A form whose hash is asked for inside the cache's lock, and takes until the test lets it go. */
    private final class SlowForm {
        @Override
        public int hashCode() {
            inside.countDown();
            OtherThread.await(leave);
            return 1;
        }

        @Override
        public boolean equals(Object other) {
            return this == other;
        }
    }

    /** A network that counts how often it was closed. */
    private static class Counting implements Network {
        final AtomicInteger closed = new AtomicInteger();

        @Override
        public Map<String, float[]> run(Map<String, float[]> inputs) {
            return Map.of();
        }

        @Override
        public void close() {
            closed.incrementAndGet();
        }
    }

    private OtherThread inTheLock() {
        OtherThread first = OtherThread.start(() -> run(new SlowForm(), Counting::new));
        OtherThread.await(inside);
        return first;
    }

    private void run(Object form, Supplier<Network> compile) {
        cache.run(form, compile, Map.of());
    }

    private void letGo(OtherThread... threads) throws Exception {
        leave.countDown();
        for (OtherThread thread : threads) {
            thread.end();
        }
    }

    @Test
    void formsAreLookedUpOneAtATime() throws Exception {
        OtherThread first = inTheLock();
        OtherThread second = OtherThread.start(() -> run("other", Counting::new));
        boolean heldUp = second.isHeldUp();
        letGo(first, second);
        assertThat(heldUp).isTrue();
    }

    @Test
    void closingWaitsForALookUp() throws Exception {
        OtherThread first = inTheLock();
        OtherThread second = OtherThread.start(cache::close);
        boolean heldUp = second.isHeldUp();
        letGo(first, second);
        assertThat(heldUp).isTrue();
    }

    @Test
    void theEndOfARunWaitsForALookUp() throws Exception {
        CountDownLatch running = new CountDownLatch(1), go = new CountDownLatch(1), ending = new CountDownLatch(1);
        OtherThread second = OtherThread.start(() -> run("other", () -> new Counting() {
            @Override
            public Map<String, float[]> run(Map<String, float[]> inputs) {
                running.countDown();
                OtherThread.await(go);
                ending.countDown();
                return Map.of();
            }
        }));
        OtherThread.await(running);
        OtherThread first = inTheLock();
        go.countDown();
        OtherThread.await(ending);
        boolean heldUp = second.isHeldUp();
        letGo(first, second);
        assertThat(heldUp).isTrue();
    }

    @Test
    void aNetworkIsCompiledOnce() throws Exception {
        AtomicInteger compiled = new AtomicInteger();
        Supplier<Network> slow = () -> {
            compiled.incrementAndGet();
            inside.countDown();
            OtherThread.await(leave);
            return new Counting();
        };
        OtherThread first = OtherThread.start(() -> run("form", slow));
        OtherThread.await(inside);
        OtherThread second = OtherThread.start(() -> run("form", slow));
        boolean heldUp = second.isHeldUp();
        letGo(first, second);
        assertThat(heldUp).isTrue();
        assertThat(compiled).hasValue(1);
    }

    @Test
    void aNetworkThatIsRunIsDroppedButClosedOnlyAfterwards() throws Exception {
        Counting slow = new Counting() {
            @Override
            public Map<String, float[]> run(Map<String, float[]> inputs) {
                inside.countDown();
                OtherThread.await(leave);
                return Map.of();
            }
        };
        OtherThread first = OtherThread.start(() -> run("slow", () -> slow));
        OtherThread.await(inside);
        Counting next = new Counting();
        run("next", () -> next);
        assertThat(slow.closed).hasValue(0);
        letGo(first);
        assertThat(slow.closed).hasValue(1);
        cache.close();
        assertThat(next.closed).hasValue(1);
        assertThatIllegalStateException()
                .isThrownBy(() -> run("next", () -> next))
                .withMessage("the model was closed");
    }
}
