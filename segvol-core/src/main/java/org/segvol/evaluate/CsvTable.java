package org.segvol.evaluate;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Every measurement as one line of comma-separated values (RFC 4180, UTF-8), numbers in full; {@code inf} for infinite distances. */
public final class CsvTable {
    private static final String HEAD =
            "case,structure,mode,prompt,dice,published_score,nsd,hd95_mm,view_dice,found_voxels,label_voxels,common_voxels,passes_alone,"
                    + "encoder_passes,seconds";

    private CsvTable() {}

    /** The table with a heading line. */
    public static String of(Evaluation evaluation) {
        return Stream.concat(Stream.of(HEAD), evaluation.measurements().stream().map(CsvTable::line))
                .collect(Collectors.joining("\r\n", "", "\r\n"));
    }

    private static String line(Measurement one) {
        MaskScores s = one.scores();
        List<Object> cells = List.of(
                one.caseName(),
                one.structure(),
                one.mode().word(),
                one.prompt().word(),
                s.dice(),
                s.publishedScore(),
                s.surfaceDice(),
                Double.isInfinite(s.hausdorff95()) ? "inf" : s.hausdorff95(),
                Double.isNaN(one.viewDice()) ? "" : one.viewDice(),
                s.found(),
                s.labelled(),
                s.common(),
                one.windows(),
                one.encoderPasses(),
                one.seconds());
        return row(cells);
    }

    /** One line without its end. */
    static String row(List<Object> cells) {
        return cells.stream().map(CsvTable::cell).collect(Collectors.joining(","));
    }

    private static String cell(Object value) {
        String text = String.valueOf(value);
        boolean plain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
    }
}
