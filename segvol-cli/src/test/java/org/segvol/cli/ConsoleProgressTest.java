package org.segvol.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

/** The time left is that of the present count, whatever the command did before. */
class ConsoleProgressTest {
    private final StringWriter said = new StringWriter();
    private long seconds;
    private final ConsoleProgress progress =
            new ConsoleProgress(new PrintWriter(said, true), true, () -> seconds * 1_000_000_000L);

    private void at(long second, int done, int total) {
        seconds = second;
        progress.update("step", done, total);
    }

    @Test
    void startingUpDoesNotCount() {
        at(100, 0, 4);
        at(120, 1, 4);
        assertThat(said.toString().lines()).containsExactly("step: 0 of 4", "step: 1 of 4, about 60 s left");
    }

    @Test
    void aSecondCallHasItsOwnTime() {
        at(0, 0, 2);
        at(500, 1, 2);
        at(1000, 2, 2);
        at(1000, 0, 7);
        at(1011, 1, 7);
        assertThat(said.toString().lines()).last().isEqualTo("step: 1 of 7, about 66 s left");
    }

    @Test
    void whatAnEarlierRunHasDoneTookNoTimeNow() {
        at(20, 5001, 6000);
        at(31, 5002, 6000);
        assertThat(said.toString().lines()).last().isEqualTo("step: 5002 of 6000, about 10978 s left");
    }
}
