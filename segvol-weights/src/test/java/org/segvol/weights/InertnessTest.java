package org.segvol.weights;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segvol.testing.ChildJvm;

/** No hostile file makes the reader load a class, start a process, open a socket or touch another file. */
class InertnessTest {
    private static final Pattern LOADED = Pattern.compile("^\\[[^\\]]*\\] ?(\\S+) source: (\\S+).*$");
    private static final Pattern OWN = Pattern.compile(
            "org\\.segvol\\.weights\\.(?!CanaryOfTheTests).*"
                    + "|java\\.(lang|util|nio|io|math|text|security)\\..*|jdk\\.internal\\..*|sun\\.(nio|util|security|invoke|launcher)\\..*");
    private static final Pattern DANGEROUS = Pattern.compile(
            ".*(Process|Socket|Script|java\\.net\\.|URLClassLoader|ObjectInputStream|CanaryOfTheTests|ServiceLoader).*");

    @TempDir
    Path folder;

    private List<String> loadedBetweenTheMarks(Path log) throws IOException {
        List<String> names = new ArrayList<>();
        boolean between = false;
        boolean ended = false;
        for (String line : Files.readAllLines(log)) {
            Matcher loaded = LOADED.matcher(line);
            if (!loaded.matches()) {
                continue;
            }
            String name = loaded.group(1);
            ended |= name.endsWith("InertWitness$End");
            if (between && !ended) {
                names.add(name);
            }
            between |= name.endsWith("InertWitness$Begin");
        }
        assertThat(between && ended).as("both marks are in the log").isTrue();
        return names;
    }

    private ChildJvm.Result witness(Path log, String... arguments) throws IOException {
        List<String> options =
                new ArrayList<>(List.of("-Xmx512m", "-Xshare:auto", "-Xlog:class+load=info:file=" + log + ":uptime"));
        if (Runtime.version().feature() < 24) {
            options.add("-Djava.security.manager=allow");
        }
        return ChildJvm.run(
                Files.createDirectories(folder.resolve("files")), InertWitness.class.getName(), options, arguments);
    }

    @Test
    void nothingIsLoadedStartedOrTouched() throws IOException {
        Path log = folder.resolve("classes.log");
        ChildJvm.Result result = witness(log);
        assertThat(result.exit()).as(result.output()).isZero();
        assertThat(result.output()).containsPattern("files [0-9]{4}").doesNotContain("touched");
        assertThat(loadedBetweenTheMarks(log))
                .allMatch(name -> OWN.matcher(name).matches())
                .noneMatch(name -> DANGEROUS.matcher(name).matches());
        assertThat(folder.resolve("files/canary")).doesNotExist();
    }

    /** The same witnesses do notice a class that is loaded and a file that it writes. */
    @Test
    void theWitnessesAreAwake() throws IOException {
        Path log = folder.resolve("classes.log");
        ChildJvm.Result result = witness(log, "loud");
        assertThat(result.exit()).as(result.output()).isZero();
        assertThat(loadedBetweenTheMarks(log)).anyMatch(name -> name.endsWith("CanaryOfTheTests"));
        if (Runtime.version().feature() < 24) {
            assertThat(result.output()).contains("touched written");
        }
        assertThat(folder.resolve("files/canary")).exists();
    }
}
