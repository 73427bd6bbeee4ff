package org.segvol.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.segvol.demo.DemoModel;
import org.segvol.demo.Demonstration;
import org.segvol.image.VolumeSummary;
import org.segvol.phantom.PhantomFolder;

/**
 * A demonstration in words and for programs.
 *
 * @param demo what was found
 * @param files where it was written
 * @param model the weights
 * @param bundled whether they are those that come with the program
 * @param engine what ran them
 * @param phantomSeconds what making and writing the phantom took
 * @param seconds what everything took
 */
record DemoReport(
        Demonstration demo,
        DemoFiles files,
        Path model,
        boolean bundled,
        String engine,
        double phantomSeconds,
        double seconds) {
    static final String TOY =
            "the bundled model is a toy, trained from scratch on made-up phantoms alone; it is not for patients' CTs";

    /** The environment variable with the name by which the user called the command. */
    private static final String COMMAND = "SEGVOL_COMMAND";

    private static final Pattern PLAIN = Pattern.compile("[\\p{L}\\p{N}_@%+=:,./-]+");
    private static final Gson GSON =
            new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

    String text() {
        StringBuilder text = new StringBuilder();
        VolumeSummary ct = VolumeSummary.of(demo.phantom().image());
        long seed = demo.phantom().seed();
        line(
                text,
                "A made-up CT of %s voxels, %.1f x %.1f x %.1f mm: %s.",
                ct.size(),
                ct.spacing(0),
                ct.spacing(1),
                ct.spacing(2),
                about(seed, bundled ? null : model));
        if (bundled) {
            line(text, "%s.", TOY.substring(0, 1).toUpperCase(Locale.ROOT) + TOY.substring(1));
        }
        line(text, "");
        row(text, "Dice", round -> heading(round));
        for (int n = 0; n < demo.structures().size(); n++) {
            int at = n;
            row(
                    text,
                    demo.structures().get(n).title(),
                    round -> number("%.3f", round.dice().get(at)));
        }
        line(text, "");
        row(text, "mean", round -> number("%.3f", round.meanDice()));
        row(text, "seconds", round -> number("%.1f", round.seconds()));
        row(text, "windows encoded", round -> Integer.toString(round.encoderPasses()));
        line(text, "");
        line(text, "Look at      %s", files.picture());
        line(text, "Also there   %s, %s, %s*.nii.gz", PhantomFolder.CT, PhantomFolder.LABELS, "by-");
        line(
                text,
                "Go on with   %s",
                next(
                        System.getenv().getOrDefault(COMMAND, "segvol"),
                        files.folder().resolve(PhantomFolder.CT),
                        model));
        line(text, "%.1f s in all, %.1f s of it for the phantom; %s", seconds, phantomSeconds, engine);
        return text.toString();
    }

    /** A command line for a shell that segments the CT. */
    static String next(String command, Path ct, Path model) {
        return String.join(
                " ",
                quoted(command),
                "segment",
                quoted(ct.toString()),
                "-w",
                quoted(model.toString()),
                "--text liver -o liver.nii.gz");
    }

    /** A word as a shell takes it: in quotes where it has other characters than those of plain names. */
    private static String quoted(String word) {
        return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    /** Phantom and weights in a few words; {@code weights} is null for the bundled ones. */
    static String about(long seed, Path weights) {
        String model = weights == null
                ? "the bundled toy model"
                : weights.getFileName().toString();
        String seen = DemoModel.hasSeen(seed) ? "has seen before" : "has never seen";
        return "phantom " + seed + (weights == null ? ", which " + model + " " + seen : ", weights " + model);
    }

    private static String heading(Demonstration.Round round) {
        return switch (round.kind()) {
            case TEXT -> "word";
            case POINT -> "one click";
            case TEXT_BOX -> "word + box";
            default -> round.kind().word();
        };
    }

    private void row(StringBuilder text, String name, Function<Demonstration.Round, String> cell) {
        StringBuilder row = new StringBuilder(String.format(Locale.ROOT, "%-16s", name));
        demo.rounds().forEach(round -> row.append(String.format(Locale.ROOT, "%12s", cell.apply(round))));
        line(text, "%s", row);
    }

    private static String number(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }

    private static void line(StringBuilder text, String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values).stripTrailing()).append(System.lineSeparator());
    }

    String json() {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("seed", demo.phantom().seed());
        out.put("seen_in_training", DemoModel.hasSeen(demo.phantom().seed()));
        out.put("weights", model.toString());
        out.put("engine", engine);
        List<Map<String, Object>> structures = new ArrayList<>(), kinds = new ArrayList<>();
        for (Demonstration.Round round : demo.rounds()) {
            for (int n = 0; n < demo.structures().size(); n++) {
                Map<String, Object> one = new LinkedHashMap<>();
                one.put("name", demo.structures().get(n).title());
                one.put("prompt_kind", round.kind().word());
                one.put("dice", round.dice().get(n));
                structures.add(one);
            }
            Map<String, Object> kind = new LinkedHashMap<>();
            kind.put("prompt_kind", round.kind().word());
            kind.put("mean_dice", round.meanDice());
            kind.put("seconds", round.seconds());
            kind.put("encoder_passes", round.encoderPasses());
            kind.put("file", files.file(round.kind()).toString());
            kinds.add(kind);
        }
        out.put("structures", structures);
        out.put("prompt_kinds", kinds);
        out.put("phantom_seconds", phantomSeconds);
        out.put("encode_seconds", demo.encodeSeconds());
        out.put("seconds", seconds);
        out.put("files", files.written().stream().map(Path::toString).toList());
        return GSON.toJson(out) + System.lineSeparator();
    }
}
