package org.segvol.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunLogTest {
    @TempDir
    Path folder;

    private static FineTuneEpoch epoch(int number) {
        double loss = number == 1 ? Double.NaN : 1.0 / number;
        return new FineTuneEpoch(number, loss, Double.NaN, 0.5, true);
    }

    /** A run that is killed between its log and its state has a log that knows more than the state. */
    @Test
    void whatTheStateDoesNotKnowIsForgotten() throws IOException {
        RunLog log = new RunLog(folder);
        for (int step = 1; step <= 3; step++) {
            log.add(new FineTuneStep(step, 3, step, step == 1 ? Double.NaN : 0.5, Double.NaN, 1e-3, 2, 0.1, 0));
            log.add(epoch(step));
            if (step == 2) {
                log.save();
            }
        }
        byte[] csv = Files.readAllBytes(folder.resolve("log.csv"));
        byte[] json = Files.readAllBytes(folder.resolve("epochs.json"));
        log.save();
        RunLog resumed = RunLog.resume(folder, 2, 2);
        assertThat(resumed.epochs()).containsExactly(epoch(1), epoch(2));
        resumed.save();
        assertThat(folder.resolve("log.csv")).hasBinaryContent(csv);
        assertThat(folder.resolve("epochs.json")).hasBinaryContent(json);
    }
}
