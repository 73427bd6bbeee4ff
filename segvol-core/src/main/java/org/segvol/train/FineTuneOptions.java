package org.segvol.train;

import java.util.Objects;

/**
 * How a model is fine-tuned. Immutable; start from {@link #DEFAULT} or {@link #PUBLISHED}.
 *
 * @param trained what is trained
 * @param text what of the text encoder is trained; only with {@link Trained#ALL}
 * @param epochs how often every case is visited
 * @param viewsPerCase views of a case in one visit, each one a step
 * @param organsPerStep structures asked of one view, chosen at random among those of the case
 * @param focus the chance that the structure that a window was made to show is among those asked
 * @param smallest the chance that the smallest structure of a view is among those asked: what is small is learnt late
 * @param smallWindows the chance that a window that shows a structure shows the smallest one of its case
 * @param masksPerOrgan prompt mixes asked of each structure, chosen at random; 6 for all of them
 * @param absent the chance that a structure that the case names and that is not in the view is asked for, with an empty mask as the answer: by its
 *     name, and in half of the windows with the box of nothing that zooming in then gives
 * @param extraClicks the most clicks inside and the most outside that a prompt has beyond its first
 * @param boxError how far each face of a box may be off in a window, as a share of the structure's side there; zooming in takes boxes from a first
 *     look, so they are never exact
 * @param zoomOut the chance that a view is the whole volume and not a random window
 * @param foreground the chance that a random window is centred on a labelled voxel
 * @param regions the chance that a random window is one that zooming in on a structure would show, zeros around its region included
 * @param regionError how wrong the extent of such a structure is taken to be, as a share of its size
 * @param pseudoWeight weight of the pseudo-label branch, where cases have regions
 * @param resize how the whole volume and its labels become a view
 * @param dice over what the dice loss is taken
 * @param flip the chance that a view is mirrored along an axis, for each axis
 * @param intensity the chance that a view's values are scaled, and that they are shifted
 * @param intensityRange the largest change of scale and shift
 * @param learningRate the highest learning rate
 * @param warmup share of all steps in which the rate rises
 * @param finalRate share of the highest rate that the cosine ends at
 * @param decay weight decay
 * @param decayMatricesOnly whether vectors and embeddings are spared by weight decay
 * @param beta2 Adam's decay of squared gradients, below 1
 * @param clip the largest norm of all gradients together, or 0 for no limit
 * @param accumulate views whose gradients are summed up for one update
 * @param rank of the low-rank adapters
 * @param batch masks decoded at once: more is faster and needs more memory
 * @param seed of everything random
 * @param validation cases held out to choose the best weights, the last ones of the data set
 * @param checkpointMinutes how often the state is saved
 */
public record FineTuneOptions(
        Trained trained,
        TrainedText text,
        int epochs,
        int viewsPerCase,
        int organsPerStep,
        double focus,
        double smallest,
        double smallWindows,
        int masksPerOrgan,
        double absent,
        int extraClicks,
        double boxError,
        double zoomOut,
        double foreground,
        double regions,
        double regionError,
        double pseudoWeight,
        ViewResize resize,
        MaskLoss.Dice dice,
        double flip,
        double intensity,
        double intensityRange,
        double learningRate,
        double warmup,
        double finalRate,
        double decay,
        boolean decayMatricesOnly,
        double beta2,
        double clip,
        int accumulate,
        int rank,
        int batch,
        long seed,
        int validation,
        double checkpointMinutes) {

    /** Which part of the model is trained. */
    public enum Trained {
        /** Everything that can be. */
        ALL,
        /** Prompt encoder and mask decoder; views are encoded once and kept on disk. */
        DECODER,
        /** Low-rank adapters on the image encoder's attention projections, prompt encoder and mask decoder. */
        LORA
    }

    /** Which part of the text encoder is trained. */
    public enum TrainedText {
        /** Nothing, as published: the projection gets no gradient there. */
        NOTHING,
        /** The projection to the decoder's width. */
        PROJECTION,
        /** All of it. */
        ALL
    }

    /** How a volume becomes a view of window size. */
    public enum ViewResize {
        /** Image and labels by index, as inference does. */
        NEAREST,
        /** Image and labels by averaging, as published: labels become fractions. */
        AREA
    }

    /** The corrected recipe: nearest labels, whole-volume dice, the text projection trained, cosine over steps. */
    public static final FineTuneOptions DEFAULT = new FineTuneOptions(
            Trained.DECODER,
            TrainedText.PROJECTION,
            10,
            4,
            4,
            0,
            0,
            0,
            6,
            0,
            10,
            0,
            0.5,
            2 / 3.0,
            0.5,
            0.1,
            0.1,
            ViewResize.NEAREST,
            MaskLoss.Dice.WHOLE,
            0,
            0.1,
            0.1,
            1e-4,
            0.05,
            0.02,
            1e-5,
            true,
            0.999,
            1,
            1,
            8,
            2,
            1,
            0,
            10);

    /** The published recipe (spec 5.2, 5.3): every mix of one structure of each view, per-slice dice, area-averaged labels, mirrored views. */
    public static final FineTuneOptions PUBLISHED = DEFAULT.with(b -> {
        b.trained = Trained.ALL;
        b.text = TrainedText.NOTHING;
        b.organsPerStep = 1;
        b.regions = 0;
        b.resize = ViewResize.AREA;
        b.dice = MaskLoss.Dice.PER_SLICE;
        b.flip = 0.2;
        b.warmup = 0.02;
        b.finalRate = 0;
        b.decayMatricesOnly = false;
        b.clip = 0;
    });

    /** Checks that all numbers make sense. */
    public FineTuneOptions {
        Objects.requireNonNull(trained, "trained");
        Objects.requireNonNull(text, "text");
        Objects.requireNonNull(resize, "resize");
        Objects.requireNonNull(dice, "dice");
        atLeast("epochs", epochs, 1);
        atLeast("viewsPerCase", viewsPerCase, 1);
        atLeast("organsPerStep", organsPerStep, 1);
        atLeast("masksPerOrgan", masksPerOrgan, 1);
        atLeast("accumulate", accumulate, 1);
        atLeast("rank", rank, 1);
        atLeast("batch", batch, 1);
        atLeast("validation", validation, 0);
        share("absent", absent);
        atLeast("extraClicks", extraClicks, 0);
        share("boxError", boxError);
        share("focus", focus);
        share("smallest", smallest);
        share("smallWindows", smallWindows);
        share("zoomOut", zoomOut);
        share("foreground", foreground);
        share("regions", regions);
        share("regionError", regionError);
        share("pseudoWeight", pseudoWeight);
        share("flip", flip);
        share("intensity", intensity);
        share("intensityRange", intensityRange);
        share("warmup", warmup);
        share("finalRate", finalRate);
        share("beta2", beta2);
        if (masksPerOrgan > PromptMix.values().length) {
            throw new IllegalArgumentException("there are 6 prompt mixes, found masksPerOrgan " + masksPerOrgan);
        }
        if (beta2 == 1 || Double.isInfinite(learningRate) || Double.isInfinite(decay)) {
            throw new IllegalArgumentException("beta2 must be below 1, learningRate and decay finite; found " + beta2
                    + ", " + learningRate + ", " + decay);
        }
        if (!(learningRate > 0) || !(decay >= 0) || !(clip >= 0) || !(checkpointMinutes > 0)) {
            throw new IllegalArgumentException("learningRate and checkpointMinutes must be positive, decay and clip not"
                    + " negative; found " + learningRate + ", " + checkpointMinutes + ", " + decay + ", " + clip);
        }
    }

    private static void atLeast(String name, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(name + " must be at least " + least + ", found " + value);
        }
    }

    private static void share(String name, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException(name + " must be from 0 to 1, found " + value);
        }
    }

    /** These options with changes: {@code options.with(o -> o.epochs = 20)}. */
    public FineTuneOptions with(java.util.function.Consumer<Builder> changes) {
        Builder builder = new Builder(this);
        changes.accept(builder);
        return builder.build();
    }

    /** Options being changed; every field has the meaning of the component of the same name. */
    @SuppressWarnings("MissingJavadoc")
    public static final class Builder {
        public Trained trained;
        public TrainedText text;
        public int epochs;
        public int viewsPerCase;
        public int organsPerStep;
        public double focus;
        public double smallest;
        public double smallWindows;
        public int masksPerOrgan;
        public double absent;
        public int extraClicks;
        public double boxError;
        public double zoomOut;
        public double foreground;
        public double regions;
        public double regionError;
        public double pseudoWeight;
        public ViewResize resize;
        public MaskLoss.Dice dice;
        public double flip;
        public double intensity;
        public double intensityRange;
        public double learningRate;
        public double warmup;
        public double finalRate;
        public double decay;
        public boolean decayMatricesOnly;
        public double beta2;
        public double clip;
        public int accumulate;
        public int rank;
        public int batch;
        public long seed;
        public int validation;
        public double checkpointMinutes;

        private Builder(FineTuneOptions o) {
            trained = o.trained;
            text = o.text;
            epochs = o.epochs;
            viewsPerCase = o.viewsPerCase;
            organsPerStep = o.organsPerStep;
            focus = o.focus;
            smallest = o.smallest;
            smallWindows = o.smallWindows;
            masksPerOrgan = o.masksPerOrgan;
            absent = o.absent;
            extraClicks = o.extraClicks;
            boxError = o.boxError;
            zoomOut = o.zoomOut;
            foreground = o.foreground;
            regions = o.regions;
            regionError = o.regionError;
            pseudoWeight = o.pseudoWeight;
            resize = o.resize;
            dice = o.dice;
            flip = o.flip;
            intensity = o.intensity;
            intensityRange = o.intensityRange;
            learningRate = o.learningRate;
            warmup = o.warmup;
            finalRate = o.finalRate;
            decay = o.decay;
            decayMatricesOnly = o.decayMatricesOnly;
            beta2 = o.beta2;
            clip = o.clip;
            accumulate = o.accumulate;
            rank = o.rank;
            batch = o.batch;
            seed = o.seed;
            validation = o.validation;
            checkpointMinutes = o.checkpointMinutes;
        }

        private FineTuneOptions build() {
            return new FineTuneOptions(
                    trained,
                    text,
                    epochs,
                    viewsPerCase,
                    organsPerStep,
                    focus,
                    smallest,
                    smallWindows,
                    masksPerOrgan,
                    absent,
                    extraClicks,
                    boxError,
                    zoomOut,
                    foreground,
                    regions,
                    regionError,
                    pseudoWeight,
                    resize,
                    dice,
                    flip,
                    intensity,
                    intensityRange,
                    learningRate,
                    warmup,
                    finalRate,
                    decay,
                    decayMatricesOnly,
                    beta2,
                    clip,
                    accumulate,
                    rank,
                    batch,
                    seed,
                    validation,
                    checkpointMinutes);
        }
    }
}
