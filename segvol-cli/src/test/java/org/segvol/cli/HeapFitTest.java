package org.segvol.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.segvol.MemoryNeed;
import org.segvol.Options;
import org.segvol.image.Affine;
import org.segvol.image.Forms;
import org.segvol.image.GridSize;
import org.segvol.image.Volume;
import org.segvol.image.VoxelType;
import org.segvol.image.Voxels;
import org.segvol.weights.ModelConfig;

/** How a run is fitted into the heap. */
class HeapFitTest {
    private static final GridSize SIZE = new GridSize(512, 512, 20);
    private static final Volume VOLUME = new Volume(
            SIZE, Voxels.of(new short[SIZE.count()], VoxelType.INT16, 1, 0), Affine.scaling(1, 1, 2), Forms.NONE);

    private final StringWriter said = new StringWriter();

    private static long need(Options options) {
        return MemoryNeed.of(SIZE, VoxelType.INT16, ModelConfig.RELEASED, options, 3, MemoryNeed.Result.LABEL_MAP)
                .javaHeap();
    }

    private Options fit(long heap) {
        return new HeapFit(VOLUME, ModelConfig.RELEASED, 3, MemoryNeed.Result.LABEL_MAP, heap)
                .fit(Options.DEFAULT, new PrintWriter(said, true));
    }

    @Test
    void leavesOptionsWhereTheHeapIsLargeEnough() {
        assertThat(fit(need(Options.DEFAULT))).isEqualTo(Options.DEFAULT);
        assertThat(said.toString()).isEmpty();
    }

    @Test
    void keepsFewerWindowsInASmallHeap() {
        long heap = need(Options.DEFAULT) - 1;
        Options fitted = fit(heap);
        assertThat(fitted.cacheBytes()).isPositive().isLessThan(Options.DEFAULT.cacheBytes());
        assertThat(fitted).isEqualTo(Options.DEFAULT.withCacheBytes(fitted.cacheBytes()));
        assertThat(need(fitted)).isLessThanOrEqualTo(heap);
        assertThat(said.toString()).isEmpty();
    }

    @Test
    void saysWhatToDoWhereNothingHelps() {
        assertThat(fit(100L << 20).cacheBytes()).isZero();
        long least = need(Options.DEFAULT.withCacheBytes(0)) >> 20;
        assertThat(said.toString())
                .isEqualTo("NOTE this may need up to " + least
                        + " MB of Java's heap, which has 100 MB; should it run out, give Java more with SEGVOL_JAVA_OPTS=-Xmx"
                        + (least + 1) + "m, or take --separate" + System.lineSeparator());
    }
}
