package org.segvol.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.segvol.data.LabelledCase;
import org.segvol.weights.ConfigHints;

class TrainingPlanTest {
    private static TrainingPlan plan(Consumer<FineTuneOptions.Builder> changes) {
        TreeMap<Integer, String> names = new TreeMap<>();
        names.put(1, "liver");
        LabelledCase one = new LabelledCase("one", Path.of("ct.nii.gz"), Path.of("labels.nii.gz"), names);
        return new TrainingPlan(
                Path.of("weights"),
                ConfigHints.NONE,
                List.of(new TrainingSource.Nifti(one)),
                List.of(),
                null,
                Path.of("run"),
                FineTuneOptions.DEFAULT.with(changes),
                List.of("liver"),
                "auto",
                1);
    }

    @Test
    void anEpochEndsWithAnUpdateOfTheViewsThatAreLeft() {
        assertThat(plan(o -> {
                            o.epochs = 10;
                            o.viewsPerCase = 2;
                            o.accumulate = 8;
                        })
                        .steps())
                .isEqualTo(10);
        assertThat(plan(o -> {
                            o.epochs = 3;
                            o.viewsPerCase = 5;
                            o.accumulate = 2;
                        })
                        .steps())
                .isEqualTo(9);
    }

    @Test
    void aRunThatAnIntCannotCountIsRefused() {
        TrainingPlan updates = plan(o -> o.epochs = 2_000_000_000);
        assertThatThrownBy(updates::schedule)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected at most 2147483647 updates, found 8000000000");
    }
}
