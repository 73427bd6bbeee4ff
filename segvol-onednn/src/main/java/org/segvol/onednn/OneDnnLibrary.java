package org.segvol.onednn;

import org.bytedeco.dnnl.dnnl_version_t;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.Loader;
import org.segvol.layers.JavaCppLimits;
import org.segvol.layers.Uninterrupted;

/** The native library: loading it, and what it can do on this CPU. */
final class OneDnnLibrary {
    private static boolean loaded;

    private OneDnnLibrary() {}

    /** Loads the library, which an interrupt does not disturb; does nothing when it is loaded. */
    static synchronized void load() {
        if (!loaded) {
            JavaCppLimits.lift();
            Uninterrupted.run(() -> {
                Loader.load(dnnl.class);
                OpenMpThreads.of(0).close(); // loads what that needs
                return null;
            });
            loaded = true;
        }
    }

    /** Loads the library and tries it, one thread after the other: its classes must not be initialised by two at once. */
    static synchronized boolean isUsable() {
        load();
        try (OpenMpThreads threads = OpenMpThreads.of(0)) {
            threads.useHere();
            return SelfTest.passes();
        }
    }

    /** Version, such as {@code 3.11.0}. */
    static String version() {
        dnnl_version_t version = dnnl.dnnl_version();
        return version.major() + "." + version.minor() + "." + version.patch();
    }

    /** The best instruction set that oneDNN uses here, such as {@code avx512_core_bf16}. */
    static String instructions() {
        return dnnl.get_effective_cpu_isa().toString().replace("isa_", "");
    }

    /** Whether oneDNN uses vectors of 512 bits. */
    static boolean hasAvx512() {
        return has(dnnl.dnnl_cpu_isa_avx512_core);
    }

    /** Whether matrix products of bfloat16 have instructions of their own. */
    static boolean hasBf16() {
        return has(dnnl.dnnl_cpu_isa_avx512_core_bf16);
    }

    private static boolean has(int instructions) {
        return (dnnl.dnnl_get_effective_cpu_isa() & instructions) == instructions;
    }
}
