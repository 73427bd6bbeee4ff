package org.segvol.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;

/** What a command did in this JVM: its exit code, and what it printed to stdout and stderr. */
record Run(int code, String out, String err) {
    /** Runs a command; arguments are taken as text. */
    static Run of(Object... args) {
        StringWriter out = new StringWriter(), err = new StringWriter();
        int code = Main.run(
                new PrintWriter(out, true),
                new PrintWriter(err, true),
                Arrays.stream(args).map(Object::toString).toArray(String[]::new));
        return new Run(code, out.toString(), err.toString());
    }
}
