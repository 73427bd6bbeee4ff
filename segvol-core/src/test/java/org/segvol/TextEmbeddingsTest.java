package org.segvol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.segvol.testing.OtherThread;
import org.segvol.testing.OtherThread.Body;

/** The kept text embeddings: the most recently used ones, one thread at a time. */
class TextEmbeddingsTest {
    private static final float[] SOME = {1};

    private final CountDownLatch inside = new CountDownLatch(1), leave = new CountDownLatch(1);
    private final TextEmbeddings<Object> texts = new TextEmbeddings<>(2);

    /** A text whose hash is asked for inside the lock, and takes until the test lets it go. */
    private final class SlowText {
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

    private void requireHeldUpBy(Body holder, Body second) throws Exception {
        OtherThread first = OtherThread.start(holder);
        OtherThread.await(inside);
        OtherThread other = OtherThread.start(second);
        boolean heldUp = other.isHeldUp();
        leave.countDown();
        first.end();
        other.end();
        assertThat(heldUp).isTrue();
    }

    @Test
    void lookingUpWaitsForKeeping() throws Exception {
        requireHeldUpBy(() -> texts.put(new SlowText(), SOME), () -> texts.get("liver"));
    }

    @Test
    void keepingWaitsForLookingUp() throws Exception {
        texts.put("spleen", SOME); // in an empty map nothing is looked up
        requireHeldUpBy(() -> texts.get(new SlowText()), () -> texts.put("liver", SOME));
    }

    @Test
    void theLeastRecentlyUsedOneIsDropped() {
        texts.put("liver", SOME);
        texts.put("spleen", SOME);
        assertThat(texts.get("liver")).isSameAs(SOME);
        texts.put("aorta", SOME);
        assertThat(texts.get("spleen")).isNull();
        assertThat(texts.get("liver")).isSameAs(SOME);
    }
}
