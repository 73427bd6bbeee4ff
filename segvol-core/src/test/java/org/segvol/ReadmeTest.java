package org.segvol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segvol.image.GridSize;
import org.segvol.image.Volume;
import org.segvol.io.Volumes;
import org.segvol.phantom.Phantom;
import org.segvol.phantom.PhantomFolder;
import org.segvol.phantom.PhantomOptions;
import org.segvol.testing.GoldenFolders;
import org.segvol.testing.SyntheticWeights;
import org.segvol.testing.TestConfigs;

/** The README's Java examples, compiled and run as they stand. */
class ReadmeTest {
    @TempDir
    Path folder;

    @Test
    void segmentingCompilesAndRuns() throws Exception {
        Files.copy(SyntheticWeights.fullSizeFile(TestConfigs.MINI, 2), folder.resolve("segvol.safetensors"));
        Volume ct = SessionTest.volume("readme", new GridSize(64, 48, 24));
        int slice = 64 * 48;
        Volumes.writeFloats(
                (k, target) -> ct.voxels().read(k * slice, slice, target, 0), 3000, ct, folder.resolve("ct.nii.gz"));
        run("Segmenting", 0);
        assertThat(Volumes.read(folder.resolve("liver.nii.gz")).size()).isEqualTo(ct.size());
    }

    @Test
    void fineTuningCompilesAndRuns() throws Exception {
        Files.copy(SyntheticWeights.fullSizeFile(TestConfigs.MINI, 2), folder.resolve("segvol.safetensors"));
        Path one = Files.createDirectories(folder.resolve("cases").resolve("one"));
        PhantomFolder.write(Phantom.of(1, PhantomOptions.DEFAULT.withSize(new GridSize(40, 36, 20))), one);
        run("FineTuning", 1);
        assertThat(folder.resolve("run").resolve("last.safetensors")).exists();
    }

    /** Runs one of the examples; only the places of the files are changed. */
    private void run(String name, int number) throws Exception {
        String readme = Files.readString(GoldenFolders.project().resolve("README.md"));
        String example = readme.split("```java\n", -1)[number + 1].split("```", -1)[0];
        example = example.replace("Path.of(\"", "Path.of(\"" + folder + File.separator);
        Path source = folder.resolve(name + ".java");
        Files.writeString(
                source,
                "import java.nio.file.Path;\nimport java.util.List;\nimport org.segvol.*;\nimport org.segvol.data.*;\n"
                        + "import org.segvol.image.Volume;\nimport org.segvol.io.Volumes;\nimport org.segvol.train.*;\n"
                        + "public class " + name + " { public static void main(String[] args) throws Exception {\n"
                        + example + "}}\n");
        compile(source);
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {folder.toUri().toURL()}, ReadmeTest.class.getClassLoader())) {
            loader.loadClass(name).getMethod("main", String[].class).invoke(null, (Object) new String[0]);
        }
    }

    private void compile(Path source) throws Exception {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            List<String> options =
                    List.of("-classpath", System.getProperty("java.class.path"), "-d", folder.toString(), "-proc:none");
            boolean done = compiler.getTask(
                            messages, files, null, options, null, files.getJavaFileObjects(source.toFile()))
                    .call();
            assertThat(done).as(messages.toString()).isTrue();
        }
    }
}
