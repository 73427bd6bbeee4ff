package org.segvol.weights;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segvol.testing.ChildJvm;

/** Parsing takes at most 64 MB and twice the file's size, whatever the file says: the JVM is given no more. */
class MemoryBoundTest {
    @TempDir
    Path folder;

    private void parsedIn(int megabytes, List<Attack> bombs) throws IOException {
        String[] files = new String[bombs.size()];
        for (int i = 0; i < files.length; i++) {
            assertThat(bombs.get(i).bytes().length).isGreaterThanOrEqualTo(((megabytes - 64) / 2) << 20);
            files[i] = bombs.get(i).name().replaceAll("[^A-Za-z0-9]+", "_");
            files[i] = i + "_" + files[i].substring(0, Math.min(40, files[i].length()));
            Files.write(folder.resolve(files[i]), bombs.get(i).bytes());
        }
        ChildJvm.Result result = ChildJvm.run(
                folder,
                MemoryBombs.class.getName(),
                List.of("-XX:+UseSerialGC", "-Xmx" + megabytes + "m", "-Xss512k"),
                files);
        assertThat(result.exit()).as(result.output()).isZero();
        assertThat(result.output().lines()).hasSize(files.length).noneMatch(line -> line.startsWith("OUT OF MEMORY"));
    }

    /** Twice the files' size is not even given. */
    @Test
    void filesThatAskForMuchMoreThanTheyAre() throws IOException {
        List<Attack> bombs = MemoryBombs.small();
        assertThat(bombs).hasSizeGreaterThan(30);
        parsedIn(64, bombs);
    }

    @Test
    void largestHeaders() throws IOException {
        parsedIn(64 + 2 * 7, MemoryBombs.large());
    }
}
