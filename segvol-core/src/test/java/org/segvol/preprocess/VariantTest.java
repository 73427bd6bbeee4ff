package org.segvol.preprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class VariantTest {
    @Test
    void isFoundByItsName() {
        for (Variant variant : new Variant[] {Variant.GITHUB, Variant.HF, Variant.SEGFM, Variant.RAS}) {
            assertThat(Variant.of(variant.name())).isSameAs(variant);
        }
    }

    @Test
    void anUnknownNameIsAnsweredWithTheKnownOnes() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Variant.of("GitHub"))
                .withMessage("there is no variant GitHub; choose one of github, hf, segfm, ras");
    }
}
