package org.segvol.bench.peers;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Takes turns between timed things, so that a slow minute of the machine meets all of them. */
final class Rounds {
    /** Threads of the one before may spin for a while after their work; this lets them fall asleep. */
    private static final long PAUSE_MILLISECONDS = 400;

    private final Map<String, Timed> contenders = new LinkedHashMap<>();

    /** Something that measures itself once. */
    @FunctionalInterface
    interface Timed {
        long nanos() throws IOException, InterruptedException;
    }

    /** Adds a contender under a name of its own. */
    void add(String key, Timed timed) {
        contenders.put(key, timed);
    }

    /** Lets each have its turn, again and again. */
    Map<String, Times> run(int rounds) throws IOException, InterruptedException {
        Map<String, List<Long>> taken = new LinkedHashMap<>();
        for (int round = 1; round <= rounds; round++) {
            System.err.printf("round %d of %d%n", round, rounds);
            for (Map.Entry<String, Timed> contender : contenders.entrySet()) {
                Thread.sleep(PAUSE_MILLISECONDS);
                taken.computeIfAbsent(contender.getKey(), key -> new ArrayList<>())
                        .add(contender.getValue().nanos());
            }
        }
        Map<String, Times> times = new LinkedHashMap<>();
        taken.forEach((key, nanos) -> times.put(
                key, new Times(nanos.stream().mapToLong(Long::longValue).toArray())));
        return times;
    }
}
