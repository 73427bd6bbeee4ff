package org.segvol.bench.peers;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.NoopTranslator;
import ai.djl.translate.TranslateException;
import java.io.IOException;
import java.nio.file.Path;
import org.segvol.weights.ModelConfig;

/** The exported encoder in DJL's PyTorch engine. Threads are set by system properties before this class is used. */
final class DjlEncoder implements Workload {
    private static final ModelConfig CONFIG = ModelConfig.RELEASED;

    private final Model model;
    private final Predictor<NDList, NDList> predictor;
    private final float[] window;

    /** Loads a traced module: (1,1,D,H,W) to (1,C,d,h,w). */
    DjlEncoder(Path file, float[] window) throws IOException, MalformedModelException {
        this.window = window;
        this.model = Model.newInstance("encoder", "PyTorch");
        model.load(file);
        this.predictor = model.newPredictor(new NoopTranslator());
    }

    @Override
    public String description() {
        return "DJL " + Engine.getDjlVersion() + ", PyTorch "
                + Engine.getEngine("PyTorch").getVersion();
    }

    @Override
    public void run() {
        embedding();
    }

    @Override
    public float[] output() {
        return Tokens.fromChannelsFirst(embedding(), CONFIG.grid().count(), CONFIG.hidden());
    }

    private float[] embedding() {
        Shape shape = new Shape(
                1, 1, CONFIG.window().d(), CONFIG.window().h(), CONFIG.window().w());
        try (NDManager scope = model.getNDManager().newSubManager()) {
            NDList result = predictor.predict(new NDList(scope.create(window, shape)));
            result.attach(scope);
            return result.singletonOrThrow().toFloatArray();
        } catch (TranslateException e) {
            throw new IllegalStateException("DJL could not run the encoder", e);
        }
    }

    @Override
    public void close() {
        predictor.close();
        model.close();
    }
}
