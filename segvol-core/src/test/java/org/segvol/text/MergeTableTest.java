package org.segvol.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** A small vocabulary. */
class MergeTableTest {
    private static InputStream text(String merges) {
        return new ByteArrayInputStream(merges.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void numbersPrintableBytesThenTheOthersThenMerges() throws IOException {
        MergeTable table = new MergeTable(text("#version\na b</w>\na ab</w>\nĠ a"));
        assertThat(table.size()).isEqualTo(515);
        int a = table.symbol((byte) 'a', false), b = table.symbol((byte) 'b', true);
        assertThat(table.symbol((byte) '!', false)).isZero();
        assertThat(a).isEqualTo('a' - '!');
        assertThat(b).isEqualTo('b' - '!' + 256);
        assertThat(table.symbol((byte) 0, false)).isEqualTo(188); // after 94 + 12 + 82 printable bytes
        assertThat(table.merged(a, b)).isEqualTo(512);
        assertThat(table.merged(a, 512)).isEqualTo(513);
        assertThat(table.merged(table.symbol((byte) ' ', false), a)).isEqualTo(514);
        assertThat(table.merged(b, a)).isNegative();
    }

    @Test
    void refusesSymbolsThatDoNotExistOrExistTwice() {
        assertThatIllegalStateException()
                .isThrownBy(() -> new MergeTable(text("#version\na b\nab cd\n")))
                .withMessageContaining("merge 2");
        assertThatIllegalStateException()
                .isThrownBy(() -> new MergeTable(text("#version\na b\na b\n")))
                .withMessageContaining("merge 2");
    }
}
