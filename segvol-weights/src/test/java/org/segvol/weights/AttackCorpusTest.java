package org.segvol.weights;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every generated attack ends in a typed refusal or in the plain tensor beside it; the counts go to target/robustness. */
class AttackCorpusTest {
    @TempDir
    Path folder;

    @Test
    void everyAttackEndsInARefusalOrIsDeadWeight() throws IOException {
        StringBuilder report = new StringBuilder();
        for (Map.Entry<String, List<Attack>> group : AttackRunner.groups().entrySet()) {
            AttackRunner runner = new AttackRunner();
            Map<String, String> wrong = new TreeMap<>();
            long slowest = 0;
            String slowestName = "";
            for (Attack attack : group.getValue()) {
                long start = System.nanoTime();
                CheckpointException refusal = runner.run(attack, folder.resolve("hostile"));
                long millis = (System.nanoTime() - start) / 1_000_000;
                if (millis > slowest) {
                    slowest = millis;
                    slowestName = attack.name();
                }
                if ((refusal == null) != attack.harmless()) {
                    wrong.put(attack.name(), refusal == null ? "was opened" : refusal.getMessage());
                }
                if (refusal != null) {
                    assertThat(refusal.getMessage())
                            .startsWith("hostile: ")
                            .hasSizeLessThan(12_000)
                            .doesNotContainPattern("\\p{Cntrl}");
                }
            }
            assertThat(wrong).as(group.getKey()).isEmpty();
            assertThat(slowest).as("milliseconds of " + slowestName).isLessThan(5000);
            report.append(String.format(
                    "%s: %d files, slowest %d ms (%s)%n",
                    group.getKey(), group.getValue().size(), slowest, slowestName));
            runner.outcomes().forEach((outcome, count) -> report.append(String.format("  %5d %s%n", count, outcome)));
        }
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left.map(file -> file.getFileName().toString())).containsExactly("hostile");
        }
        assertThat(Path.of("canary")).doesNotExist();
        Path target = Files.createDirectories(Path.of("target", "robustness"));
        Files.writeString(target.resolve("attacks.txt"), report);
    }
}
