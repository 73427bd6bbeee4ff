package org.segvol.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class StandardOutputTest {
    private static OutputStream failing(String reason) {
        return new OutputStream() {
            @Override
            public void write(int value) throws IOException {
                throw new IOException(reason);
            }
        };
    }

    private static String complaint(OutputStream out) {
        StandardOutput output = new StandardOutput(out);
        new PrintWriter(output, true, StandardCharsets.UTF_8).println("größer");
        return output.complaint();
    }

    @Test
    void saysWhyItCouldNotBeWritten() {
        assertThat(complaint(failing("No space left on device")))
                .isEqualTo("standard output could not be written: No space left on device");
    }

    @Test
    void aReaderMayEndEarly() {
        assertThat(complaint(failing("Broken pipe"))).isNull();
    }

    @Test
    void writesWhatItIsGiven() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        assertThat(complaint(bytes)).isNull();
        assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualTo("größer" + System.lineSeparator());
    }
}
