package org.segvol.evaluate;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeSet;
import org.segvol.Mode;
import org.segvol.Options;
import org.segvol.Progress;
import org.segvol.SegVol;
import org.segvol.Segmentation;
import org.segvol.Session;
import org.segvol.data.DataSetException;
import org.segvol.data.LabelledCase;
import org.segvol.data.LoadedCase;
import org.segvol.image.Mask;
import org.segvol.image.VoxelBox;
import org.segvol.infer.ViewMask;
import org.segvol.preprocess.NetworkVolume;
import org.segvol.preprocess.UnusableVolumeException;
import org.segvol.weights.Extent;

/**
 * Measures a model on labelled cases with prompts that are derived from the labels as the published demo derives them (spec 2.1, 2.2). One
 * case is in memory at a time; all prompts of a case and mode share a session, so that the case is encoded once for each mode.
 */
public final class Evaluator {
    private final SegVol model;
    private final EvaluationOptions options;
    private final List<Measurement> measurements = new ArrayList<>();
    private final List<CaseCost> costs = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    private Evaluator(SegVol model, EvaluationOptions options) {
        this.model = model;
        this.options = options;
    }

    /**
     * Measures all cases. Progress counts cases times modes.
     *
     * @throws DataSetException when a case's files do not belong together, or its CT is constant or not finite
     * @throws IllegalArgumentException when a name of the options occurs nowhere, or no case has a structure to measure
     * @throws IOException when a file cannot be read
     * @throws java.util.concurrent.CancellationException when the options' progress listener asked to stop
     */
    public static Evaluation run(SegVol model, List<LabelledCase> cases, EvaluationOptions options) throws IOException {
        requireNames(cases, options.names());
        Evaluator evaluator = new Evaluator(model, options);
        for (int i = 0; i < cases.size(); i++) {
            evaluator.measure(cases.get(i), i, cases.size());
        }
        if (evaluator.measurements.isEmpty()) {
            throw new IllegalArgumentException(
                    "none of the " + cases.size() + " cases has a voxel of a structure to be measured");
        }
        return new Evaluation(evaluator.measurements, evaluator.costs, evaluator.notes, options);
    }

    /** Checks that each name is one of a case's. */
    static void requireNames(List<LabelledCase> cases, Collection<String> names) {
        TreeSet<String> known = new TreeSet<>();
        cases.forEach(one -> known.addAll(one.names().values()));
        for (String name : names) {
            if (!known.contains(name)) {
                throw new IllegalArgumentException("the data names no structure \"" + name + "\"; it names " + known);
            }
        }
    }

    private void measure(LabelledCase one, int index, int cases) throws IOException {
        LoadedCase loaded = one.load();
        SortedMap<Integer, String> structures = loaded.structures();
        if (!options.names().isEmpty()) {
            structures.values().retainAll(options.names());
        }
        if (structures.isEmpty()) {
            notes.add("case " + one.name() + " has no voxel of a structure to be measured");
            return;
        }
        int modes = options.modes().size();
        for (int m = 0; m < modes; m++) {
            Mode mode = options.modes().get(m);
            int done = index * modes + m;
            measure(loaded, structures, mode, done, cases * modes);
        }
    }

    private void measure(LoadedCase loaded, SortedMap<Integer, String> structures, Mode mode, int done, int total)
            throws DataSetException {
        Progress outer = options.inference().progress();
        Options inference = options.inference().withMode(mode).withProgress(new CancelOnly(outer));
        CaseCost cost = new CaseCost(loaded.source().name(), mode, 0, 0, 0);
        try (Session session = open(model, loaded, inference)) {
            for (Map.Entry<Integer, String> structure : structures.entrySet()) {
                outer.update(
                        "case " + loaded.source().name() + ", " + mode.word() + ", " + structure.getValue()
                                + "; cases and modes",
                        done,
                        total);
                Mask label = loaded.mask(structure.getKey());
                ViewMask view = view(session.networkVolume(), label);
                VoxelBox segmented = session.networkVolume().geometry().keptBox();
                for (PromptKind kind : options.prompts()) {
                    Segmentation found = session.segment(kind.prompt(label, structure.getValue()));
                    cost = plus(cost, found);
                    measurements.add(
                            measurement(loaded, structure.getValue(), mode, kind, found, label, segmented, view));
                }
            }
        }
        costs.add(cost);
    }

    /** A session on a case's CT. */
    static Session open(SegVol model, LoadedCase loaded, Options options) throws DataSetException {
        try {
            return model.open(loaded.image(), options);
        } catch (UnusableVolumeException e) {
            throw new DataSetException(loaded.source().image(), e.getMessage(), e);
        }
    }

    /** The label as the zoom-out view shows the image: the voxels that the published resizing takes (spec 4.1). */
    private ViewMask view(NetworkVolume volume, Mask label) {
        Extent window = model.config().window();
        int[] ds = volume.zoomIndex(0, window), hs = volume.zoomIndex(1, window), ws = volume.zoomIndex(2, window);
        return ViewMask.of(window, at -> {
            int row = at / window.w();
            return label.get(
                    volume.geometry().storedIndex(ds[row / window.h()], hs[row % window.h()], ws[at % window.w()]));
        });
    }

    private static CaseCost plus(CaseCost cost, Segmentation found) {
        return new CaseCost(
                cost.caseName(),
                cost.mode(),
                cost.prompts() + 1,
                cost.encoderPasses() + found.encoderPasses(),
                cost.seconds() + found.timings().total());
    }

    private Measurement measurement(
            LoadedCase loaded,
            String structure,
            Mode mode,
            PromptKind kind,
            Segmentation found,
            Mask label,
            VoxelBox segmented,
            ViewMask view) {
        ViewMask seen = found.trace().view();
        return new Measurement(
                loaded.source().name(),
                structure,
                mode,
                kind,
                MaskScores.of(found.mask(), label, segmented, loaded.image().affine(), options.tolerance()),
                seen == null ? Double.NaN : seen.dice(view),
                (seen == null ? 0 : 1) + found.trace().windows().size(),
                found.encoderPasses(),
                found.timings().total());
    }
}
