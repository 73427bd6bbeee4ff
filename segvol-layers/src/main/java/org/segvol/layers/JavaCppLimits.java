package org.segvol.layers;

/**
 * JavaCPP's limits of native memory. It refuses objects when the process has more than four times the Java heap, mapped weights included, although
 * native memory lies outside the heap.
 */
public final class JavaCppLimits {
    private JavaCppLimits() {}

    /** Lifts the limits that the user did not set. It has no effect when JavaCPP was used before. */
    public static void lift() {
        for (String limit : new String[] {"org.bytedeco.javacpp.maxbytes", "org.bytedeco.javacpp.maxphysicalbytes"}) {
            if (System.getProperty(limit) == null) {
                System.setProperty(limit, "0");
            }
        }
    }
}
