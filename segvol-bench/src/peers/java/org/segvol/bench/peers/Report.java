package org.segvol.bench.peers;

import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.segvol.layers.EngineOptions.Precision;

/** The tables, as Markdown. */
final class Report {
    private final StringBuilder text = new StringBuilder();
    private final Map<Precision, Double> peaks = new EnumMap<>(Precision.class);

    /**
     * One encoder.
     *
     * @param error relative to this project's oneDNN engine in float32
     */
    record Row(Contender contender, String description, Times times, long peakKilobytes, double error) {}

    private void line(String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    /** What the machine's matrix units reach, the fastest counts; to be given before the tables. */
    void peak(Contender contender, String description, Times times) {
        double reached = MatmulPeak.FLOP / times.best();
        peaks.merge(contender.precision(), reached, Math::max);
        line(
                "Matrix product %s (%s): best %.3f s, median %.3f s; %.0f GFLOP/s",
                name(contender.precision()), description, times.best(), times.median(), reached / 1e9);
    }

    /** The encoders beside each other. */
    void encoders(List<Row> rows) {
        table("One pass of the image encoder", EncoderWork.flop(), rows);
    }

    /** Their gradients beside each other. */
    void gradients(List<Row> rows) {
        table("One window forwards and backwards through the image encoder", EncoderWork.gradientFlop(), rows);
    }

    private void table(String what, double flop, List<Row> rows) {
        line("");
        line("%s, %.1f GFLOP in matrix products:", what, flop / 1e9);
        line("");
        line(
                "| engine | precision | best s | median s | ours / this, best | median | GFLOP/s | of peak | peak memory MB"
                        + " | rel. L2 to ours f32 |");
        line("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        for (Row row : rows) {
            Times own = own(rows, row.contender().precision());
            double speed = flop / row.times().best();
            line(
                    "| %s | %s | %.3f | %.3f | %.2f | %.2f | %.0f | %.0f%% | %d | %.1e |",
                    row.contender().engine(),
                    name(row.contender().precision()),
                    row.times().best(),
                    row.times().median(),
                    own.best() / row.times().best(),
                    own.median() / row.times().median(),
                    speed / 1e9,
                    100 * speed / peaks.get(row.contender().precision()),
                    row.peakKilobytes() / 1000,
                    row.error());
        }
        line("");
        rows.forEach(row ->
                line("%s %s: %s", row.contender().engine(), name(row.contender().precision()), row.description()));
    }

    private static Times own(List<Row> rows, Precision precision) {
        return rows.stream()
                .filter(row -> row.contender().own() && row.contender().precision() == precision)
                .findFirst()
                .orElseThrow()
                .times();
    }

    /** Where the time of this project's encoder goes. */
    void layers(Precision precision, Map<String, EncoderWork.Kind> kinds) {
        line("");
        line("The oneDNN engine's layers, %s, all blocks together, best of some runs each:", name(precision));
        line("");
        line("| layers | ms | GFLOP | GFLOP/s | of peak |");
        line("| --- | --- | --- | --- | --- |");
        kinds.forEach((name, kind) -> layerRow(name, kind, precision));
        layerRow("all linear layers", sum(kinds, true), precision);
        layerRow("everything", sum(kinds, false), precision);
    }

    private static EncoderWork.Kind sum(Map<String, EncoderWork.Kind> kinds, boolean linearOnly) {
        return kinds.values().stream()
                .filter(kind -> kind.linear() || !linearOnly)
                .reduce(EncoderWork.Kind::plus)
                .orElseThrow();
    }

    private void layerRow(String name, EncoderWork.Kind kind, Precision precision) {
        double speed = kind.flop() / (kind.nanos() / 1e9);
        String rate = kind.flop() == 0
                ? "|  |  |"
                : String.format(Locale.ROOT, "| %.0f | %.0f%% |", speed / 1e9, 100 * speed / peaks.get(precision));
        line("| %s | %.1f | %.1f %s", name, kind.nanos() / 1e6, kind.flop() / 1e9, rate);
    }

    /** The whole command. */
    void coldStart(Times command, Times encoder, long peakKilobytes) {
        line("");
        line(
                "Cold start, segvol segment --mode resize --text liver: best %.2f s, median %.2f s, %.2f (best) and %.2f (median)"
                        + " encoder passes f32; peak memory %d MB",
                command.best(),
                command.median(),
                command.best() / encoder.best(),
                command.median() / encoder.median(),
                peakKilobytes / 1000);
    }

    private static String name(Precision precision) {
        return precision.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
