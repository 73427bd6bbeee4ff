package org.segvol.layers.gpu;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Asks {@code nvidia-smi}, the tool that comes with every NVIDIA driver. */
public final class NvidiaSmi implements GpuSource {
    private static final Duration LIMIT = Duration.ofSeconds(20); // a sleeping driver needs some seconds
    private static final List<String> FIELDS =
            List.of("index", "uuid", "compute_cap", "driver_version", "memory.total", "name"); // a name may have commas
    private static final String CAPABILITY = "compute_cap";
    private static final int SHOWN = 100;

    private final Tool tool;
    private final Path driver;

    /** The tool on the PATH. */
    public NvidiaSmi() {
        this(new ProcessTool("nvidia-smi", LIMIT), Path.of("/proc/driver/nvidia/version"));
    }

    /**
     * A given tool.
     *
     * @param tool answers for nvidia-smi
     * @param driver a file that exists while the driver is loaded
     */
    NvidiaSmi(Tool tool, Path driver) {
        this.tool = tool;
        this.driver = driver;
    }

    @Override
    public GpuFacts look() {
        try {
            Tool.Answer answer = query(FIELDS);
            if (answer.code() != 0 && answer.text().contains("not a valid field")) { // drivers up to 470
                List<String> fewer =
                        FIELDS.stream().filter(f -> !f.equals(CAPABILITY)).toList();
                return understand(query(fewer), fewer);
            }
            return understand(answer, FIELDS);
        } catch (FileNotFoundException e) {
            return Files.exists(driver)
                    ? new GpuFacts.Unknown("the NVIDIA driver is loaded, but its tool nvidia-smi is not on the PATH")
                    : new GpuFacts.None("nvidia-smi, the tool of NVIDIA's driver, is not on the PATH");
        } catch (IOException e) {
            return new GpuFacts.Unknown("nvidia-smi could not be asked: " + e.getMessage());
        }
    }

    private Tool.Answer query(List<String> fields) throws IOException {
        return tool.ask(List.of("--query-gpu=" + String.join(",", fields), "--format=csv,noheader,nounits"));
    }

    private static GpuFacts understand(Tool.Answer answer, List<String> fields) {
        List<String> lines = answer.text()
                .lines()
                .map(String::strip)
                .filter(l -> !l.isEmpty())
                .toList();
        String first = lines.isEmpty() ? "nothing" : shortened(lines.get(0));
        if (answer.code() != 0) {
            return new GpuFacts.None("nvidia-smi failed with exit code " + answer.code() + " and says: " + first);
        }
        if (lines.isEmpty() || first.startsWith("No devices")) {
            return new GpuFacts.None("nvidia-smi lists none");
        }
        List<Gpu> gpus = new ArrayList<>();
        for (String line : lines) {
            try {
                gpus.add(gpu(line, fields));
            } catch (IllegalArgumentException e) {
                return new GpuFacts.Unknown(
                        "nvidia-smi's answer is not understood (" + e.getMessage() + "): " + shortened(line));
            }
        }
        return new GpuFacts.Found(gpus);
    }

    private static Gpu gpu(String line, List<String> fields) {
        String[] values = line.split(",", fields.size());
        if (values.length != fields.size()) {
            throw new IllegalArgumentException("expected " + fields.size() + " values, found " + values.length);
        }
        return new Gpu(
                Math.toIntExact(number("index", value(values, fields, "index"))),
                value(values, fields, "uuid"),
                value(values, fields, "name"),
                capability(values, fields),
                value(values, fields, "driver_version"),
                memory(value(values, fields, "memory.total")));
    }

    private static String value(String[] values, List<String> fields, String field) {
        String value = values[fields.indexOf(field)].strip();
        if (value.isEmpty()) {
            throw new IllegalArgumentException("no " + field);
        }
        return value;
    }

    private static ComputeCapability capability(String[] values, List<String> fields) {
        if (!fields.contains(CAPABILITY)) {
            return null;
        }
        String value = value(values, fields, CAPABILITY);
        return untold(value) ? null : ComputeCapability.parse(value);
    }

    private static long memory(String value) {
        return untold(value) ? -1 : number("memory.total", value);
    }

    /** The tool writes [N/A] or [Not Supported] for what it cannot tell. */
    private static boolean untold(String value) {
        return value.startsWith("[") || value.equals("N/A");
    }

    private static long number(String field, String value) {
        if (!value.matches("\\d{1,9}")) {
            throw new IllegalArgumentException(field + " should be a number");
        }
        return Long.parseLong(value);
    }

    private static String shortened(String line) {
        String printable = line.replaceAll("[^\\x20-\\x7e]", "?");
        return printable.length() <= SHOWN ? printable : printable.substring(0, SHOWN) + "...";
    }
}
