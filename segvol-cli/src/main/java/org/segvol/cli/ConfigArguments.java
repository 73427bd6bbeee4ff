package org.segvol.cli;

import java.util.List;
import org.segvol.weights.ConfigHints;
import org.segvol.weights.Extent;
import picocli.CommandLine.Option;

/** What a foreign checkpoint's shapes cannot tell. Files written by this library need none of these. */
final class ConfigArguments {
    @Option(names = "--heads", description = "Image encoder heads, where a foreign checkpoint's shapes cannot tell.")
    private Integer heads;

    @Option(names = "--text-heads", description = "Text encoder heads, likewise.")
    private Integer textHeads;

    @Option(names = "--decoder-heads", description = "Mask decoder heads, likewise.")
    private Integer decoderHeads;

    @Option(names = "--patch", split = ",", paramLabel = "N", description = "Patch size d,h,w, likewise.")
    private List<Integer> patch;

    @Option(names = "--window", split = ",", paramLabel = "N", description = "Window size d,h,w, likewise.")
    private List<Integer> window;

    ConfigHints hints() {
        return new ConfigHints(heads, textHeads, decoderHeads, extent("--patch", patch), extent("--window", window));
    }

    private static Extent extent(String option, List<Integer> sides) {
        if (sides == null) {
            return null;
        }
        if (sides.size() != 3) {
            throw new IllegalArgumentException(option + " needs three numbers d,h,w, found " + sides.size());
        }
        return new Extent(sides.get(0), sides.get(1), sides.get(2));
    }
}
