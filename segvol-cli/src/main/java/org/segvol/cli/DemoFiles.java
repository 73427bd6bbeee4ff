package org.segvol.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.segvol.demo.DemoModel;
import org.segvol.demo.DemoPicture;
import org.segvol.demo.Demonstration;
import org.segvol.evaluate.PromptKind;
import org.segvol.io.PngFile;
import org.segvol.io.Volumes;
import org.segvol.phantom.Phantom;
import org.segvol.phantom.PhantomFolder;
import org.segvol.phantom.Structure;

/** The folder that a demonstration fills. It replaces what an earlier demonstration wrote there and nothing else. */
final class DemoFiles {
    static final String PICTURE = "demo.png";
    static final String MODEL = "model.safetensors";
    /** Names a demonstration's files, a line each, from before the first of them on, so that one that was broken off can be repeated, too. */
    static final String MARK = ".segvol-demo";

    private final Path folder;
    private final List<String> names;
    private final List<Path> written = new ArrayList<>();

    /**
     * A folder that may be filled.
     *
     * @param folder made when it is not there
     * @param bundled whether the bundled model is to be written, too
     * @throws IllegalArgumentException when it holds a file that would be replaced and that no demonstration wrote
     */
    DemoFiles(Path folder, boolean bundled) throws IOException {
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new IllegalArgumentException(folder + ": this is a file; name a folder");
        }
        this.folder = folder;
        List<String> marked = marked();
        this.names = Stream.concat(marked.stream(), names(bundled).stream())
                .distinct()
                .toList();
        for (String name : names) {
            if (Files.exists(folder.resolve(name)) && !marked.contains(name)) {
                throw new IllegalArgumentException(
                        folder.resolve(name) + ": segvol demo would replace this file, which it did not write; name"
                                + " another folder with -o, nothing was changed");
            }
        }
        Files.createDirectories(folder);
    }

    private static List<String> names(boolean bundled) {
        List<String> names = new ArrayList<>();
        if (bundled) {
            names.add(MODEL);
        }
        names.addAll(PhantomFolder.FILES);
        for (PromptKind kind : Demonstration.KINDS) {
            Path file = Path.of(labels(kind));
            names.add(file.toString());
            names.add(OutputFiles.sidecar(file).toString());
        }
        names.add(PICTURE);
        return names;
    }

    /** Names of the files that earlier demonstrations wrote here or were about to write. */
    private List<String> marked() throws IOException {
        Path mark = folder.resolve(MARK);
        return Files.exists(mark) ? Files.readAllLines(mark) : List.of();
    }

    private void mark() throws IOException {
        OutputFiles.writeText(String.join(System.lineSeparator(), names), folder.resolve(MARK));
    }

    /** The bundled weights, written into the folder. */
    Path model() throws IOException {
        mark();
        Path model = folder.resolve(MODEL);
        DemoModel.write(model);
        written.add(model);
        return model;
    }

    void write(Phantom phantom) throws IOException {
        mark();
        PhantomFolder.write(phantom, folder);
        for (String name : PhantomFolder.FILES) {
            written.add(folder.resolve(name));
        }
    }

    /** A label map with its names for each kind of prompt, and the picture. */
    void write(Demonstration demo, String subtitle) throws IOException {
        List<String> names = demo.structures().stream().map(Structure::title).toList();
        for (Demonstration.Round round : demo.rounds()) {
            Path file = file(round.kind());
            Volumes.writeLabels(
                    round.found()::slice, names.size(), demo.phantom().image(), file);
            OutputFiles.writeText(SegmentReport.names(names), OutputFiles.sidecar(file));
            written.add(file);
            written.add(OutputFiles.sidecar(file));
        }
        PngFile.write(DemoPicture.render(demo, subtitle), picture());
        written.add(picture());
    }

    /** The label map of a kind of prompt. */
    Path file(PromptKind kind) {
        return folder.resolve(labels(kind));
    }

    private static String labels(PromptKind kind) {
        return "by-" + kind.word().replace('+', '-') + ".nii.gz";
    }

    Path picture() {
        return folder.resolve(PICTURE);
    }

    Path folder() {
        return folder;
    }

    /** Everything that was written, in this order. */
    List<Path> written() {
        return List.copyOf(written);
    }
}
