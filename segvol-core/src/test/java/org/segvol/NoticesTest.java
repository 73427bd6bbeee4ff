package org.segvol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.segvol.testing.GoldenFolders;

/** The licence, and the notices that the licences of bundled data ask for, go with every copy of the library. */
class NoticesTest {
    /** This library's modules on the tests' class path: weights, layers, onednn, core. */
    private static final int MODULES = 4;

    @Test
    void everyModuleBringsLicenceAndNotices() throws IOException {
        for (String name : new String[] {"LICENSE", "NOTICE"}) {
            String ours = Files.readString(GoldenFolders.project().resolve(name));
            int found = 0;
            for (URL url : Collections.list(SegVol.class.getClassLoader().getResources("META-INF/" + name))) {
                try (InputStream in = url.openStream()) {
                    found += ours.equals(new String(in.readAllBytes(), StandardCharsets.UTF_8)) ? 1 : 0;
                }
            }
            assertThat(found).as(name).isGreaterThanOrEqualTo(MODULES);
        }
    }
}
