package org.segvol.infer;

import java.util.ArrayList;
import java.util.List;

/** The zoom-in of one structure while it runs: its windows in order, what each is asked, and their average. */
final class StructurePass {
    /** One window still to be run. */
    record Task(int[] origin, VolumeView view, WindowPrompt prompt) {}

    private final NetworkRegion region;
    private final float[] text;
    private final WindowAverage average;
    private final List<Task> tasks = new ArrayList<>();
    private final List<ZoomInference.WindowRecord> records = new ArrayList<>();
    private int next;

    /** A pass over a layout; windows to which {@code prompts} says null are left out. */
    StructurePass(
            NetworkRegion region, WindowLayout layout, float[] text, WindowPrompts prompts, WindowAverage average) {
        this.region = region;
        this.text = text;
        this.average = average;
        for (int[] origin : layout.origins()) {
            VolumeView view = layout.view(origin);
            WindowPrompt prompt = prompts.of(origin, view);
            if (prompt != null) {
                tasks.add(new Task(origin, view, prompt));
            }
        }
    }

    int windows() {
        return tasks.size();
    }

    /** The window that comes next, or null when all are done. */
    Task peek() {
        return next < tasks.size() ? tasks.get(next) : null;
    }

    float[] text() {
        return text;
    }

    /** Takes the logits of the window that comes next. */
    void accept(float[] logits) {
        Task task = tasks.get(next++);
        average.add(task.origin(), logits);
        records.add(new ZoomInference.WindowRecord(task.origin(), task.prompt()));
        if (next == tasks.size()) {
            average.finish();
        }
    }

    /** Gives away the volume when there are no windows at all. */
    void finishIfEmpty() {
        if (tasks.isEmpty()) {
            average.finish();
        }
    }

    /** What was done; {@code view} is what the zoom-out view found, or null without one. */
    ZoomInference.Trace trace(ViewMask view) {
        return new ZoomInference.Trace(region, List.copyOf(records), view);
    }
}
