package org.segvol.layers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.segvol.layers.samediff.SameDiffGradientEngine;
import org.segvol.testing.RandomStream;
import org.segvol.testing.SyntheticWeights;
import org.segvol.testing.TestConfigs;
import org.segvol.weights.ModelConfig;
import org.segvol.weights.ParameterTable;

/** Gradients of every layer against finite differences of the plain twin, and padded batches against prompts alone. */
class GradientTest {
}
