package org.segvol.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The segvol command. */
@Command(
        name = "segvol",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Segments CT volumes from words, boxes and points.",
        footer = {
            "",
            "Start with:  segvol demo",
            "Example:  segvol segment ct.nii.gz -w segvol.safetensors --text liver -o liver.nii.gz",
            "Help for one command:  segvol segment --help"
        })
public final class Main implements Runnable {
    private static final String LOG_LEVEL = "org.slf4j.simpleLogger.log.org.segvol";

    static {
        setDefault("org.slf4j.simpleLogger.defaultLogLevel", "error"); // ND4J talks a lot
        setDefault(LOG_LEVEL, "info");
        setDefault("org.slf4j.simpleLogger.showThreadName", "false");
        setDefault("org.slf4j.simpleLogger.showLogName", "false");
        setDefault("org.slf4j.simpleLogger.levelInBrackets", "false");
        setDefault("java.awt.headless", "true");
    }

    private static final Map<String, Supplier<Object>> COMMANDS = commands();

    @Spec
    private CommandSpec spec;

    @Option(names = "--debug", scope = ScopeType.INHERIT, description = "Show where an error came from.")
    private boolean debug;

    private static Map<String, Supplier<Object>> commands() {
        Map<String, Supplier<Object>> commands = new LinkedHashMap<>();
        commands.put("demo", DemoCommand::new);
        commands.put("segment", SegmentCommand::new);
        commands.put("finetune", FinetuneCommand::new);
        commands.put("evaluate", EvaluateCommand::new);
        commands.put("ambiguity", AmbiguityCommand::new);
        commands.put("complexity", ComplexityCommand::new);
        commands.put("convert", ConvertCommand::new);
        commands.put("info", InfoCommand::new);
        commands.put("pseudo-masks", PseudoMasksCommand::new);
        commands.put("phantom", PhantomCommand::new);
        commands.put("doctor", DoctorCommand::new);
        return commands;
    }

    /** Leaves out notes; to be called before anything is logged. */
    static void logWarningsOnly() {
        System.setProperty(LOG_LEVEL, "warn");
    }

    private static void setDefault(String key, String value) {
        if (System.getProperty(key) == null) {
            System.setProperty(key, value);
        }
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say what to do: " + String.join(", ", COMMANDS.keySet()));
    }

    /** Runs the command and ends the JVM with its exit code. */
    public static void main(String[] args) {
        StandardOutput output = new StandardOutput();
        PrintWriter out = new PrintWriter(output, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        int code = run(out, err, args);
        out.flush();
        if (output.complaint() != null) {
            err.println("segvol: " + output.complaint());
            code = code == CommandLine.ExitCode.OK ? CommandLine.ExitCode.SOFTWARE : code;
        }
        err.flush();
        System.exit(code); // native libraries leave threads behind
    }

    /** Runs the command in this JVM. */
    static int run(PrintWriter out, PrintWriter err, String... args) {
        CommandLine line = new CommandLine(new Main());
        addCommands(line, args);
        line.setOut(out);
        line.setErr(err);
        line.setUsageHelpAutoWidth(true);
        line.setParameterExceptionHandler((e, given) -> {
            err.println("segvol: " + e.getMessage());
            UnmatchedArgumentException.printSuggestions(e, err);
            err.println("segvol: see " + e.getCommandLine().getCommandSpec().qualifiedName() + " --help");
            return CommandLine.ExitCode.USAGE;
        });
        line.setExecutionExceptionHandler((e, command, parsed) -> failed(line, err, e));
        try {
            return line.execute(args);
        } catch (OutOfMemoryError | StackOverflowError | LinkageError e) {
            return failed(line, err, e);
        }
    }

    /** The one that comes first, or all of them where something else does, such as a plea for help: reading every command's options takes a while. */
    private static void addCommands(CommandLine line, String... args) {
        String first = args.length == 0 ? "" : args[0];
        COMMANDS.forEach((name, command) -> {
            if (name.equals(first) || !COMMANDS.containsKey(first)) {
                line.addSubcommand(name, command.get());
            }
        });
    }

    private static int failed(CommandLine line, PrintWriter err, Throwable e) {
        Main main = (Main) line.getCommand();
        ConsoleProgress.clearLine(err);
        err.println("segvol: " + Sentences.of(e));
        if (main.debug) { // --debug asks where an error came from
            e.printStackTrace(err);
        }
        return CommandLine.ExitCode.SOFTWARE;
    }
}
