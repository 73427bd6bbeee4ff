package org.segvol.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.bytedeco.dnnl.engine;
import org.bytedeco.javacpp.BytePointer;
import org.junit.jupiter.api.Test;

/** Native memory: there, or refused with its size. */
class NativeArenaTest {
    @Test
    void moreThanTheMachineHasIsAnError() {
        OneDnnLibrary.load();
        try (engine cpu = new engine(engine.kind.cpu, 0);
                NativeArena arena = new NativeArena()) {
            assertThatThrownBy(() -> arena.allocate(cpu, 1L << 46))
                    .isInstanceOf(OutOfMemoryError.class)
                    .hasMessage("oneDNN could not get 67108864 MB of native memory");
            BytePointer still = arena.allocate(cpu, 1 << 20);
            still.put((1 << 20) - 1, (byte) 7);
            assertThat(still.get((1 << 20) - 1)).isEqualTo((byte) 7);
        }
    }
}
