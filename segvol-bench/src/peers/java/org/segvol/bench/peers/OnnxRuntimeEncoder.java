package org.segvol.bench.peers;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Map;
import org.segvol.weights.ModelConfig;

/** The exported encoder in ONNX Runtime's Java interface. */
final class OnnxRuntimeEncoder implements Workload {
    private static final ModelConfig CONFIG = ModelConfig.RELEASED;

    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession session;
    private final float[] window;

    /** Loads {@code encoder.onnx}: input {@code image} (1,1,D,H,W), output {@code embedding} (1,C,d,h,w). */
    OnnxRuntimeEncoder(Path file, int threads, float[] window) throws OrtException {
        this.window = window;
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(threads);
            options.setInterOpNumThreads(1);
            options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
            this.session = environment.createSession(file.toString(), options);
        }
    }

    @Override
    public String description() {
        return "ONNX Runtime " + environment.getVersion() + ", Java";
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
        long[] shape = {
            1, 1, CONFIG.window().d(), CONFIG.window().h(), CONFIG.window().w()
        };
        try (OnnxTensor image = OnnxTensor.createTensor(environment, FloatBuffer.wrap(window), shape);
                OrtSession.Result result = session.run(Map.of("image", image))) {
            float[] values = new float[CONFIG.grid().count() * CONFIG.hidden()];
            ((OnnxTensor) result.get(0)).getFloatBuffer().get(values);
            return values;
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime could not run the encoder", e);
        }
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime could not close the encoder", e);
        }
    }
}
