package org.segvol.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.segvol.demo.DemoModel;
import org.segvol.demo.DemoPicture;
import org.segvol.demo.Demonstration;
import org.segvol.io.PngFile;
import org.segvol.io.Volumes;
import org.segvol.phantom.Phantom;
import org.segvol.phantom.PhantomFolder;
import org.segvol.phantom.Structure;

/** The folder that a demonstration fills. */
final class DemoFiles {
    static final String PICTURE = "demo.png";
    static final String MODEL = "model.safetensors";

    private final Path folder;
    private final List<Path> written = new ArrayList<>();

    /** @param folder made when it is not there */
    DemoFiles(Path folder) throws IOException {
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new IllegalArgumentException(folder + ": this is a file; name a folder");
        }
        this.folder = Files.createDirectories(folder);
    }

    /** The bundled weights, written into the folder. */
    Path model() throws IOException {
        Path model = folder.resolve(MODEL);
        DemoModel.write(model);
        written.add(model);
        return model;
    }

    void write(Phantom phantom) throws IOException {
        PhantomFolder.write(phantom, folder);
        for (String name : List.of(PhantomFolder.CT, PhantomFolder.LABELS, PhantomFolder.NAMES)) {
            written.add(folder.resolve(name));
        }
    }

    /** A label map with its names for each kind of prompt, and the picture. */
    void write(Demonstration demo, String subtitle) throws IOException {
        List<String> names = demo.structures().stream().map(Structure::title).toList();
        for (Demonstration.Round round : demo.rounds()) {
            Path file = labels(round);
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
    Path labels(Demonstration.Round round) {
        return folder.resolve("by-" + round.kind().word().replace('+', '-') + ".nii.gz");
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
