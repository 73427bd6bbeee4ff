package org.segvol;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.segvol.layers.Engine;
import org.segvol.layers.EngineOptions;
import org.segvol.layers.EngineProvider;
import org.segvol.layers.GradientEngine;
import org.segvol.weights.TensorSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the engines of the class path and chooses one. */
public final class Engines {
    private static final Logger LOG = LoggerFactory.getLogger(Engines.class);

    private Engines() {}

    /**
     * An engine that was found.
     *
     * @param name its name
     * @param whyNot null when it can run here, else one sentence
     */
    public record Candidate(String name, String whyNot) {}

    /** All engines, the preferred one first, and whether each can run here. */
    public static List<Candidate> candidates() {
        return providers().stream()
                .map(p -> new Candidate(p.name(), p.whyNot()))
                .toList();
    }

    private static List<EngineProvider> providers() {
        List<EngineProvider> found = new ArrayList<>();
        ServiceLoader.load(EngineProvider.class, Engines.class.getClassLoader()).forEach(found::add);
        found.sort(Comparator.comparingInt(EngineProvider::priority).reversed());
        return found;
    }

    /**
     * The engine of a name, or with {@code auto} the preferred one that runs here and can honour the options. Says in one line what was
     * taken, and why no preferred one.
     *
     * @throws IllegalArgumentException when there is no such engine or it cannot run, with the reason
     */
    public static Engine create(String name, TensorSource weights, EngineOptions options) {
        return choose(name, "", provider -> provider.create(weights, options), Engine::description);
    }

    /**
     * The engine of a name that computes gradients, or with {@code auto} the preferred one that runs here.
     *
     * @param trained names of the parameters that are trained
     * @param threads native threads, at most {@link EngineOptions#MOST_THREADS}, or 0 for the engine's choice
     * @throws IllegalArgumentException when there is no such engine or it cannot run, with the reason
     */
    public static GradientEngine createGradients(String name, TensorSource weights, Set<String> trained, int threads) {
        EngineOptions.requireThreads(threads);
        return choose(
                name,
                " for gradients",
                provider -> provider.createGradients(weights, trained, threads),
                engine -> trained.size() + " trained tensors");
    }

    /**
     * Loads what the engine of a name, or with {@code auto} the preferred one, needs to run, so that {@link #create} finds it loaded. Not
     * necessary; may run on a thread of its own while weights are opened.
     */
    public static void load(String name) {
        firstThatRuns(name, new ArrayList<>());
    }

    private static <T> T choose(
            String name, String purpose, Function<EngineProvider, T> create, Function<T, String> describe) {
        List<String> reasons = new ArrayList<>();
        EngineProvider provider = firstThatRuns(name, reasons);
        if (provider != null) {
            T engine = create.apply(provider);
            LOG.info(
                    "engine {}{} ({}){}",
                    provider.name(),
                    purpose,
                    describe.apply(engine),
                    reasons.isEmpty() ? "" : "; not taken: " + String.join("; ", reasons));
            return engine;
        }
        if (reasons.isEmpty()) {
            String known = providers().stream().map(EngineProvider::name).collect(Collectors.joining(", "));
            throw new IllegalArgumentException(
                    "there is no engine " + name + "; found: " + (known.isEmpty() ? "none" : known));
        }
        throw new IllegalArgumentException("no engine can run here: " + String.join("; ", reasons));
    }

    /** The preferred one of those asked for that runs here, or null; why others do not is added to the reasons. */
    private static EngineProvider firstThatRuns(String name, List<String> reasons) {
        for (EngineProvider provider : providers()) {
            if (name.equals("auto") || name.equals(provider.name())) {
                String whyNot = provider.whyNot();
                if (whyNot == null) {
                    return provider;
                }
                reasons.add(provider.name() + ": " + whyNot);
            }
        }
        return null;
    }
}
