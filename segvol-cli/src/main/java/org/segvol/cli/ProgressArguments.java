package org.segvol.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Whether a command shows its progress. */
final class ProgressArguments {
    private boolean quiet;

    @Option(
            names = {"-q", "--quiet"},
            description = "No progress, and no notes on the engine but warnings.")
    void beQuiet(boolean wanted) {
        quiet = wanted;
        if (wanted) {
            Main.logWarningsOnly();
        }
    }

    boolean quiet() {
        return quiet;
    }

    /** The command's progress on stderr; when it shall be quiet, nothing. */
    ConsoleProgress of(CommandSpec command) {
        return new ConsoleProgress(command.commandLine().getErr(), !quiet);
    }
}
