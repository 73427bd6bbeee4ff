package org.segvol.train;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.segvol.io.AtomicFile;
import org.segvol.io.PngFile;

/** What a run has done: {@code log.csv} with a row for every step, {@code epochs.json} and {@code curves.png}. */
final class RunLog {
    private static final String HEADER = "step,epoch,loss,dice,rate,norm,seconds";

    private final Path folder;
    private final List<String> rows = new ArrayList<>();
    private final List<double[]> curve = new ArrayList<>(); // step, loss, dice
    private final List<FineTuneEpoch> epochs = new ArrayList<>();
    private double seconds;

    RunLog(Path folder) {
        this.folder = folder;
    }

    /** Reads what a run had written up to a step and an epoch; the log is written before the state, so it may know of more. */
    static RunLog resume(Path folder, int step, int lastEpoch) throws IOException {
        RunLog log = new RunLog(folder);
        for (String row : Files.readAllLines(folder.resolve("log.csv"))) {
            String[] cells = row.split(",", -1);
            if (!row.equals(HEADER) && Integer.parseInt(cells[0]) <= step) {
                log.add(row);
            }
        }
        Path file = folder.resolve("epochs.json");
        JsonArray saved = new Gson().fromJson(Files.readString(file), JsonArray.class);
        for (var element : saved) {
            JsonObject one = element.getAsJsonObject();
            FineTuneEpoch epoch = new FineTuneEpoch(
                    one.get("epoch").getAsInt(),
                    number(one, "loss"),
                    number(one, "dice"),
                    number(one, "validation_dice"),
                    one.get("best").getAsBoolean());
            if (epoch.epoch() <= lastEpoch) {
                log.epochs.add(epoch);
            }
        }
        return log;
    }

    private static double number(JsonObject object, String name) {
        return object.get(name).isJsonNull() ? Double.NaN : object.get(name).getAsDouble();
    }

    private void add(String row) {
        String[] cells = row.split(",", -1);
        rows.add(row);
        curve.add(new double[] {Double.parseDouble(cells[0]), cell(cells[2]), cell(cells[3])});
        seconds += Double.parseDouble(cells[6]);
    }

    private static double cell(String text) {
        return text.isEmpty() ? Double.NaN : Double.parseDouble(text);
    }

    void add(FineTuneStep step) {
        add(String.format(
                Locale.ROOT,
                "%d,%d,%s,%s,%.6g,%.6g,%.4g",
                step.step(),
                step.epoch(),
                Double.isNaN(step.loss()) ? "" : String.format(Locale.ROOT, "%.6g", step.loss()),
                Double.isNaN(step.dice()) ? "" : String.format(Locale.ROOT, "%.5f", step.dice()),
                step.rate(),
                step.norm(),
                step.seconds()));
    }

    void add(FineTuneEpoch epoch) {
        epochs.add(epoch);
    }

    /** Epochs so far. */
    List<FineTuneEpoch> epochs() {
        return epochs;
    }

    /** Seconds of all steps so far, earlier runs included. */
    double seconds() {
        return seconds;
    }

    /** Writes the tables, which a resumed run reads. */
    void save() throws IOException {
        byte[] csv = (HEADER + "\n" + String.join("\n", rows) + "\n").getBytes(StandardCharsets.UTF_8);
        AtomicFile.write(folder.resolve("log.csv"), out -> out.write(csv));
        JsonArray all = new JsonArray();
        for (FineTuneEpoch epoch : epochs) {
            JsonObject one = new JsonObject();
            one.addProperty("epoch", epoch.epoch());
            one.addProperty("loss", Double.isNaN(epoch.loss()) ? null : (Number) epoch.loss());
            one.addProperty("dice", Double.isNaN(epoch.dice()) ? null : (Number) epoch.dice());
            one.addProperty(
                    "validation_dice", Double.isNaN(epoch.validationDice()) ? null : (Number) epoch.validationDice());
            one.addProperty("best", epoch.best());
            all.add(one);
        }
        byte[] json = new GsonBuilder()
                .serializeNulls()
                .setPrettyPrinting()
                .create()
                .toJson(all)
                .getBytes(StandardCharsets.UTF_8);
        AtomicFile.write(folder.resolve("epochs.json"), out -> out.write(json));
    }

    /** Writes the picture. */
    void paint() throws IOException {
        if (curve.size() > 1) {
            PngFile.write(LossCurves.paint(curve), folder.resolve("curves.png"));
        }
    }
}
