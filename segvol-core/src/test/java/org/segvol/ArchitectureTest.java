package org.segvol;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The rooms of the house and who may enter which (docs/architecture.md). */
@AnalyzeClasses(
        packages = "org.segvol",
        importOptions = {ImportOption.DoNotIncludeTests.class, ArchitectureTest.NoTestJars.class})
class ArchitectureTest {
    /** Other modules' tests come as jars once they are packaged. */
    static final class NoTestJars implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("-tests.jar");
        }
    }

    @ArchTest
    static final ArchRule weightsNeedTheJdkOnly = classes()
            .that()
            .resideInAPackage("org.segvol.weights..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("org.segvol.weights..", "org.segvol.files..", "java..");

    @ArchTest
    static final ArchRule layersKnowWeightsOnly = noClasses()
            .that()
            .resideInAPackage("org.segvol.layers..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.segvol",
                    "org.segvol.image..",
                    "org.segvol.io..",
                    "org.segvol.infer..",
                    "org.segvol.preprocess..",
                    "org.segvol.prompt..",
                    "org.segvol.text..",
                    "org.segvol.onednn..");

    @ArchTest
    static final ArchRule onlyTheSameDiffEngineKnowsNd4j = noClasses()
            .that()
            .resideOutsideOfPackages("org.segvol.layers.samediff..", "org.segvol.train..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.nd4j..");

    @ArchTest
    static final ArchRule inputAndOutputNeverSeeATensor = noClasses()
            .that()
            .resideInAnyPackage("org.segvol.io..", "org.segvol.image..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.segvol.layers..", "org.segvol.infer..", "org.segvol.prompt..", "org.segvol.weights..");

    @ArchTest
    static final ArchRule inferenceNeverSeesAnAffineOrAFile = noClasses()
            .that()
            .resideInAPackage("org.segvol.infer..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.segvol.image..", "org.segvol.io..", "java.nio.file..");

    @ArchTest
    static final ArchRule promptsNeverTouchAFile = noClasses()
            .that()
            .resideInAPackage("org.segvol.prompt..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.segvol.io..", "java.nio.file..", "org.segvol.layers..");

    @ArchTest
    static void noCyclesBetweenPackages(JavaClasses all) {
        slices().matching("org.segvol.(*)..").should().beFreeOfCycles().check(all);
    }
}
