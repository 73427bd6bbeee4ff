package org.segvol.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** Names of structures that are asked for together. */
class StructureNamesTest {
    @Test
    void equalNamesAreNumbered() {
        assertThat(StructureNames.different(List.of("liver tumor", "spleen", "liver tumor", "liver tumor")))
                .containsExactly("liver tumor", "spleen", "liver tumor 2", "liver tumor 3");
        assertThat(StructureNames.different(List.of("liver", "Liver"))).containsExactly("liver", "Liver");
    }

    @Test
    void givenNamesStay() {
        assertThat(StructureNames.different(List.of("a", "a", "a 2", "a", "a 2")))
                .containsExactly("a", "a 3", "a 2", "a 4", "a 2 2");
    }

    @Test
    void slugsDifferAlsoWithoutCase() {
        assertThat(StructureNames.slugs(List.of("liver", "Liver!", "LIVER 2", "left kidney")))
                .containsExactly("liver", "liver_3", "liver_2", "left_kidney");
        assertThat(StructureNames.slugs(List.of("mass", "ma\u017fs"))).containsExactly("mass", "ma\u017fs_2");
        assertThat(StructureNames.slugs(List.of("!", "?"))).containsExactly("structure", "structure_2");
    }

    @Test
    void slugsOfLongNamesAreCut() {
        String same = "x".repeat(60), wide = "\ud835\udd38".repeat(61);
        assertThat(StructureNames.slugs(List.of(same + "a", same + "b"))).containsExactly(same, same + "_2");
        assertThat(OutputFiles.slug(wide))
                .isEqualTo(wide.toLowerCase(Locale.ROOT).substring(0, 120));
    }

    @Test
    void manyEqualNamesTakeNoSquareOfTime() {
        List<String> names = StructureNames.different(Collections.nCopies(200_000, "liver"));
        assertThat(names).doesNotHaveDuplicates().last().isEqualTo("liver 200000");
    }

    @Test
    void eachStructureHasFilesOfItsOwn() {
        SegmentFiles files =
                SegmentFiles.of(Path.of("les.nii"), List.of("liver", "Liver!"), true, true, Path.of("p.png"));
        assertThat(files.masks()).containsExactly(Path.of("les.liver.nii"), Path.of("les.liver_2.nii"));
        assertThat(files.probabilities())
                .containsExactly(Path.of("les.liver.probability.nii"), Path.of("les.liver_2.probability.nii"));
    }

    @Test
    void namesFileRefusesEqualNames() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SegmentReport.names(List.of("liver", "liver")))
                .withMessage("two structures of the label map are called liver; give each a name of its own");
    }
}
