package org.segvol.layers.gpu;

import java.io.IOException;
import java.util.List;

/** A program that can be asked something. */
@FunctionalInterface
interface Tool {
    /**
     * What the program said.
     *
     * @param code its exit code
     * @param text its output and its errors
     */
    record Answer(int code, String text) {}

    /**
     * Runs the program to its end.
     *
     * @throws java.io.FileNotFoundException when there is no such program
     * @throws IOException when it did not end in time, or its answer cannot be read
     */
    Answer ask(List<String> arguments) throws IOException;
}
