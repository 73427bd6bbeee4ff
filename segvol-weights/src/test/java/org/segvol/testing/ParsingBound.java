package org.segvol.testing;

import com.sun.management.ThreadMXBean;
import java.lang.management.ClassLoadingMXBean;
import java.lang.management.ManagementFactory;

/** What parsing a file may cost: everything that it allocates, kept or not, is at most 64 MB and twice the file's size. */
public final class ParsingBound {
    private static final long FIXED_BYTES = 64L << 20;
    private static final long MAX_MILLIS = 10_000;

    private ParsingBound() {}

    /** Something that parses. */
    @FunctionalInterface
    public interface Parsing {
        /** Parses. */
        void run() throws Exception;
    }

    /**
     * Parses, and fails with {@link AssertionError} when that cost too much.
     *
     * @param fileBytes size of what is parsed
     * @param resultBytes what the result takes by its nature: the voxels of a volume
     */
    public static void check(long fileBytes, long resultBytes, Parsing parsing) throws Exception {
        Cost cost = Cost.of(parsing);
        for (int trial = 0; trial < 3 && cost.classesLoaded; trial++) {
            cost = Cost.of(parsing); // loading and instrumenting classes is no parsing
        }
        if (cost.bytes > FIXED_BYTES + 2 * fileBytes + resultBytes) {
            throw new AssertionError(fileBytes + " bytes made the parser allocate " + cost.bytes);
        }
        if (cost.millis > MAX_MILLIS) {
            throw new AssertionError(fileBytes + " bytes took " + cost.millis + " ms");
        }
    }

    private record Cost(long bytes, long millis, boolean classesLoaded) {
        static Cost of(Parsing parsing) throws Exception {
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            ClassLoadingMXBean classes = ManagementFactory.getClassLoadingMXBean();
            long loaded = classes.getTotalLoadedClassCount();
            long before = threads.getCurrentThreadAllocatedBytes();
            long start = threads.getCurrentThreadCpuTime(); // other processes' time is none of the parser's
            parsing.run();
            long bytes = threads.getCurrentThreadAllocatedBytes() - before;
            long millis = (threads.getCurrentThreadCpuTime() - start) / 1_000_000;
            return new Cost(bytes, millis, classes.getTotalLoadedClassCount() != loaded);
        }
    }
}
