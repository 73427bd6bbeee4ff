package org.segvol.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segvol.image.GridSize;
import org.segvol.phantom.Phantom;
import org.segvol.phantom.PhantomFolder;
import org.segvol.phantom.PhantomOptions;
import org.segvol.testing.TestConfigs;
import org.segvol.weights.ConfigFile;

/** {@code segvol finetune} as a user types it. */
class FinetuneCommandTest {
    @TempDir
    Path folder;

    @Test
    void aRunFromScratchIsNotResumedWithAnotherConfiguration() throws IOException {
        PhantomOptions small = PhantomOptions.DEFAULT.withSize(new GridSize(40, 36, 20));
        PhantomFolder.write(Phantom.of(1, small), folder.resolve("cases/one"));
        Path config = folder.resolve("config.json"), out = folder.resolve("run");
        Files.writeString(config, ConfigFile.text(TestConfigs.MINI));
        String[] command = {
            "finetune",
            "--data",
            folder.resolve("cases").toString(),
            "--from-scratch",
            config.toString(),
            "-o",
            out.toString(),
            "--epochs",
            "1",
            "--views",
            "1",
            "--masks",
            "1",
            "-q"
        };
        StringWriter err = new StringWriter();
        assertThat(run(err, command)).as(err.toString()).isZero();
        String[] resumed = Arrays.copyOf(command, command.length + 1);
        resumed[command.length] = "--resume";
        assertThat(run(err, resumed)).as(err.toString()).isZero();
        resumed[4] = "demo";
        assertThat(run(err, resumed)).isEqualTo(1);
        assertThat(err.toString())
                .contains("was started from scratch with another configuration than demo")
                .doesNotContain("Exception");
    }

    private static int run(StringWriter err, String... args) {
        return Main.run(new PrintWriter(new StringWriter()), new PrintWriter(err, true), args);
    }
}
