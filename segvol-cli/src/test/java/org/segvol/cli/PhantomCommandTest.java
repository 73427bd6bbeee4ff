package org.segvol.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segvol.image.GridSize;
import org.segvol.image.Orientation;
import org.segvol.image.Volume;
import org.segvol.io.Volumes;

/** {@code segvol phantom}: its files, and one sentence for every wrong input. */
class PhantomCommandTest {
    @TempDir
    Path folder;

    private Run phantom(Object... more) {
        List<Object> args = new ArrayList<>(List.of("phantom", "-q", "-o", folder.resolve("set")));
        args.addAll(List.of(more));
        if (!args.contains("--size")) {
            args.addAll(List.of("--size", "48x40x32"));
        }
        return Run.of(args.toArray());
    }

    @Test
    void everySeedGivesAFolder() throws IOException {
        Run run = phantom("--seed", 9, "--count", 2, "--orientation", "LPS", "--preview");
        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isZero();
        assertThat(run.out().lines()).hasSize(2);
        assertThat(run.out())
                .contains("phantom-0009")
                .contains("phantom-0010")
                .contains("48x40x32")
                .contains("LPS");
        for (String name : List.of("phantom-0009", "phantom-0010")) {
            Path made = folder.resolve("set").resolve(name);
            Volume ct = Volumes.read(made.resolve("ct.nii.gz")), labels = Volumes.read(made.resolve("labels.nii.gz"));
            assertThat(ct.size()).isEqualTo(new GridSize(48, 40, 32)).isEqualTo(labels.size());
            assertThat(ct.affine()).isEqualTo(labels.affine());
            assertThat(Orientation.of(ct.affine()).codes()).isEqualTo("LPS");
            JsonObject names = JsonParser.parseString(Files.readString(made.resolve("labels.json")))
                    .getAsJsonObject();
            assertThat(names.getAsJsonObject("labels").get("liver").getAsInt()).isEqualTo(1);
            assertThat(ImageIO.read(made.resolve("preview.png").toFile()).getWidth())
                    .isGreaterThan(1000);
        }
        assertThat(Files.mismatch(
                        folder.resolve("set/phantom-0009/ct.nii.gz"), folder.resolve("set/phantom-0010/ct.nii.gz")))
                .isNotEqualTo(-1);
    }

    @Test
    void theSameSeedGivesTheSameFiles() throws IOException {
        phantom("--seed", 4);
        byte[] first = Files.readAllBytes(folder.resolve("set/phantom-0004/ct.nii.gz"));
        assertThat(phantom("--seed", 4, "--threads", 3, "--overwrite").code()).isZero();
        assertThat(Arrays.equals(first, Files.readAllBytes(folder.resolve("set/phantom-0004/ct.nii.gz"))))
                .isTrue();
    }

    @Test
    void whatTheFieldOfViewDoesNotHoldIsSaid() {
        Run run = phantom("--spacing", "2x2x2");
        assertThat(run.code()).isZero();
        assertThat(run.out()).contains("not in the field of view: ").contains("bladder");
    }

    @Test
    void noFileIsReplacedUnasked() throws IOException {
        Path own = Files.createDirectories(folder.resolve("set/phantom-0007")).resolve("ct.nii.gz");
        Files.writeString(own, "a patient's");
        assertRefused(
                phantom("--seed", 6, "--count", 2),
                own + ": this file exists already; name another folder with -o, or replace it with --overwrite");
        assertThat(own).hasContent("a patient's");
        assertThat(folder.resolve("set/phantom-0006")).doesNotExist();
        assertThat(phantom("--seed", 8).code()).isZero();
        assertThat(phantom("--seed", 6, "--count", 2, "--overwrite").code()).isZero();
        assertThat(Volumes.read(own).size()).isEqualTo(new GridSize(48, 40, 32));
    }

    @Test
    void wrongInputIsRefused() throws IOException {
        assertRefused(phantom("--size", "48x40"), "--size takes three numbers with an x between them");
        assertRefused(phantom("--size", "48x40.5x30"), "whole numbers of voxels");
        assertRefused(phantom("--size", "0x40x30"), "every side must be at least 1");
        assertRefused(phantom("--size", "9x40x30"), "at least 16 voxels along each axis, found 9x40x30");
        assertRefused(phantom("--spacing", "1x1xmm"), "--spacing takes three numbers");
        assertRefused(phantom("--spacing", "1x1x0"), "0.1 to 50 mm long");
        assertRefused(phantom("--orientation", "ABC"), "such as LPS; found ABC");
        assertRefused(phantom("--noise", "-3"), "found -3.0");
        assertRefused(phantom("--seed", -1), "the seed is 0 or more");
        assertRefused(phantom("--count", 0), "the count 1 or more");
        assertThat(folder.resolve("set")).doesNotExist();
        Files.writeString(folder.resolve("set"), "a file");
        assertRefused(phantom(), "this is a file; name a folder");
    }

    private static void assertRefused(Run run, String sentence) {
        assertThat(run.err()).contains(sentence);
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.code()).isEqualTo(1);
    }
}
