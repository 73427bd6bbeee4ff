package org.segvol.layers;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JavaCppLimitsTest {
    private static final String ALL = "org.bytedeco.javacpp.maxphysicalbytes", OWN = "org.bytedeco.javacpp.maxbytes";

    @Test
    void theUsersOwnLimitStays() {
        String all = System.getProperty(ALL), own = System.getProperty(OWN);
        try {
            System.clearProperty(ALL);
            System.setProperty(OWN, "4g");
            JavaCppLimits.lift();
            assertThat(System.getProperty(ALL)).isEqualTo("0");
            assertThat(System.getProperty(OWN)).isEqualTo("4g");
        } finally {
            restore(ALL, all);
            restore(OWN, own);
        }
    }

    private static void restore(String key, String value) {
        if (value == null) {
            System.clearProperty(key);
        } else {
            System.setProperty(key, value);
        }
    }
}
