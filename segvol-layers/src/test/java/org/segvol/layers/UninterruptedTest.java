package org.segvol.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class UninterruptedTest {
    @Test
    void theWorkSeesNoInterruptAndTheCallerKeepsIt() {
        Thread.currentThread().interrupt();
        boolean seen = Uninterrupted.run(() -> Thread.currentThread().isInterrupted());
        assertThat(seen).isFalse();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(Uninterrupted.run(() -> 7)).isEqualTo(7);
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void whatTheWorkThrowsIsThrown() {
        assertThatThrownBy(() -> Uninterrupted.run(() -> {
                    throw new UnsatisfiedLinkError("no library");
                }))
                .isInstanceOf(UnsatisfiedLinkError.class)
                .hasMessage("no library");
        assertThatThrownBy(() -> Uninterrupted.run(() -> {
                    throw new IllegalStateException("no state");
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no state");
    }
}
