package org.segvol.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.segvol.layers.GradientEngine;
import org.segvol.layers.SegVolGradients;
import org.segvol.onednn.OneDnnGradientEngine;
import org.segvol.prompt.Clicks;
import org.segvol.prompt.NetworkBox;
import org.segvol.testing.GoldenFolders;
import org.segvol.testing.Manifest;
import org.segvol.testing.TensorAssert;
import org.segvol.testing.TestTensors;
import org.segvol.weights.ModelConfig;
import org.segvol.weights.ParameterTable;

/** Golden group {@code train}: losses, gradients, one optimiser step, schedule, pseudo masks, cleansing, resizing. */
class GoldenTrainTest {
    private static final Manifest MANIFEST =
            Manifest.read(GoldenFolders.groups("train").get(0));

    @TestFactory
    List<DynamicTest> steps() {
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonElement element : MANIFEST.cases().getAsJsonArray()) {
            JsonObject one = element.getAsJsonObject();
            if (one.has("batch")) {
                tests.add(DynamicTest.dynamicTest("batch of " + one.get("batch").getAsInt(), () -> checkStep(one)));
            }
        }
        assertThat(tests).hasSize(2);
        return tests;
    }

    @TestFactory
    List<DynamicTest> images() {
        return ImageGoldens.tests(MANIFEST);
    }

    @Test
    void schedule() {
        JsonArray epochs = MANIFEST.json().getAsJsonArray("learning_rate_epochs");
        JsonArray rates = MANIFEST.json().getAsJsonArray("learning_rate");
        for (int i = 0; i < rates.size(); i++) {
            assertThat(LearningRate.PUBLISHED.at(epochs.get(i).getAsInt()))
                    .isCloseTo(rates.get(i).getAsDouble(), within(1e-12));
        }
    }

    private static void checkStep(JsonObject one) throws IOException {
        String file = one.get("file").getAsString();
        try (TestTensors golden = TestTensors.open(MANIFEST.folder().resolve(file))) {
            new StepCheck(one, golden, file).run();
        }
    }

    private static final class StepCheck {
        private final ModelConfig config = MANIFEST.config();
        private final JsonObject expected;
        private final TestTensors golden;
        private final String file;
        private final int batch;
        private final List<Request> supervised = new ArrayList<>();
        private final List<Request> unsupervised = new ArrayList<>();

        StepCheck(JsonObject expected, TestTensors golden, String file) throws IOException {
            this.expected = expected;
            this.golden = golden;
            this.file = file;
            this.batch = expected.get("batch").getAsInt();
            for (PromptMix mix : PromptMix.values()) {
                for (int image = 0; image < batch; image++) {
                    supervised.add(new Request(
                            image,
                            mix.clicks() ? clicks("points", "labels", image) : null,
                            mix.box() ? box("boxes", image) : null,
                            mix.text() ? 0 : -1,
                            target("target", image),
                            1.0 / batch));
                }
            }
            for (int n = 0; n < 6; n++) {
                for (int image = 0; image < batch; image++) {
                    unsupervised.add(new Request(
                            image,
                            n % 2 == 0 ? clicks("ssl" + n + ".points", "ssl" + n + ".labels", image) : null,
                            n % 2 == 1 ? box("ssl" + n + ".boxes", image) : null,
                            -1,
                            target("ssl" + n + ".target", image),
                            0.1 / batch));
                }
            }
        }

        private float[] part(String key, int image) throws IOException {
            float[] all = golden.floats(key);
            int per = all.length / batch;
            return Arrays.copyOfRange(all, image * per, (image + 1) * per);
        }

        private Clicks clicks(String points, String labels, int image) throws IOException {
            return new Clicks(part(points, image), part(labels, image));
        }

        private NetworkBox box(String key, int image) throws IOException {
            float[] b = part(key, image);
            return new NetworkBox((int) b[0], (int) b[1], (int) b[2], (int) b[3], (int) b[4], (int) b[5]);
        }

        private float[] target(String key, int image) throws IOException {
            int[] all = golden.ints(key);
            int per = all.length / batch;
            float[] target = new float[per];
            for (int i = 0; i < per; i++) {
                target[i] = all[image * per + i];
            }
            return target;
        }

        void run() throws IOException {
            ParameterTable table = ParameterTable.of(config);
            TreeSet<String> trained = new TreeSet<>(table.tensors().keySet());
            for (JsonElement name : expected.getAsJsonArray("without_gradient")) {
                trained.remove(name.getAsString());
            }
            List<float[]> windows = new ArrayList<>();
            for (int image = 0; image < batch; image++) {
                windows.add(part("image", image));
            }
            int[] ids = Arrays.copyOf(golden.ints("ids"), 5);
            try (GradientEngine engine = new OneDnnGradientEngine(MANIFEST.weights(), trained, 0);
                    SegVolGradients network = new SegVolGradients(config, engine)) {
                GradientSum sum = new GradientSum(table, trained);
                MaskLoss.Dice dice = batch == 1 ? MaskLoss.Dice.PER_SLICE : MaskLoss.Dice.WHOLE;
                GradientStep step = new GradientStep(network, new GradientStep.Choices(true, false, dice, 4, 23));
                List<Request> all = new ArrayList<>(supervised);
                all.addAll(unsupervised);
                EncodedWindows images = new EncodedWindows(network, windows, sum);
                double[] losses = step.run(images, List.of(ids), all, sum).loss();
                checkLosses(losses);
                for (String key : golden.tensors().keySet()) {
                    if (key.startsWith("grad.")) {
                        compare(key, sum.values().get(key.substring(5)));
                    }
                }
                checkUpdate(engine, sum);
            }
        }

        private void checkLosses(double[] losses) {
            double atol = expected.get("loss_atol").getAsDouble();
            double sl = 0, ssl = 0;
            for (int m = 0; m < 6; m++) {
                double part = 0;
                for (int image = 0; image < batch; image++) {
                    part += losses[m * batch + image] / batch;
                    ssl += losses[(6 + m) * batch + image] / batch;
                }
                JsonObject golden = expected.getAsJsonArray("sl_parts").get(m).getAsJsonObject();
                assertThat(part).as("%s", golden).isCloseTo(golden.get("loss").getAsDouble(), within(atol));
                sl += part;
            }
            assertThat(sl).isCloseTo(expected.get("sl").getAsDouble(), within(atol));
            assertThat(ssl).isCloseTo(expected.get("ssl").getAsDouble(), within(atol));
            assertThat(sl + 0.1 * ssl).isCloseTo(expected.get("loss").getAsDouble(), within(atol));
        }

        private void compare(String key, float[] actual) throws IOException {
            double atol = MANIFEST.expectations(file).get(key).atol();
            TensorAssert.assertClose(file + " " + key, golden.floats(key), actual, golden.shape(key), atol);
        }

        private void checkUpdate(GradientEngine engine, GradientSum sum) throws IOException {
            Map<String, FloatBuffer> values = new TreeMap<>();
            engine.trained().forEach(name -> values.put(name, engine.parameter(name)));
            new AdamW(new AdamW.Choices(0.9, 0.999, 1e-8, 1e-5, name -> true)).step(values, sum.values(), 1, 1e-4);
            Set<String> seen = new HashSet<>();
            for (String key : golden.tensors().keySet()) {
                if (!key.startsWith("after.")) {
                    continue;
                }
                String name = key.substring(6);
                float[] wanted = golden.floats(key), gradient = golden.floats("grad." + name);
                double atol = MANIFEST.expectations(file).get(key).atol();
                int compared = 0;
                for (int i = 0; i < wanted.length; i++) {
                    if (Math.abs(gradient[i]) > 1e-4) {
                        assertThat(values.get(name).get(i)).as(key).isCloseTo(wanted[i], within((float) atol));
                        compared++;
                    }
                }
                assertThat(compared).as(key).isPositive();
                seen.add(name);
            }
            assertThat(seen).hasSize(2);
        }
    }
}
