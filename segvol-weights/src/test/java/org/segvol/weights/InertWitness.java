package org.segvol.weights;

import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Permission;
import java.util.ArrayList;
import java.util.List;

/**
 * Opens every generated attack while two witnesses look on: the JVM's log of loaded classes, between the loading of {@link Begin} and
 * {@link End}, and, where the JDK still has one, a security manager that hears of processes, sockets and files.
 */
@SuppressWarnings("removal")
final class InertWitness extends SecurityManager {
    private final Path folder;
    private final String javaHome = System.getProperty("java.home");
    private final List<String> classPath =
            List.of(System.getProperty("java.class.path").split(java.io.File.pathSeparator, -1));
    private final List<String> touched = new ArrayList<>();

    private InertWitness(Path folder) {
        this.folder = folder;
    }

    /** Its loading marks the beginning. */
    static final class Begin {
        static void mark() {}

        private Begin() {}
    }

    /** Its loading marks the end. */
    static final class End {
        static void mark() {}

        private End() {}
    }

    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of("").toAbsolutePath();
        List<Path> files = new ArrayList<>();
        for (List<Attack> group : AttackRunner.groups().values()) {
            for (Attack attack : group) {
                files.add(Files.write(folder.resolve(files.size() + ".file"), attack.bytes()));
            }
        }
        boolean loud = arguments.length > 0 && arguments[0].equals("loud");
        for (int i = 0; i < files.size(); i += 97) {
            open(files.get(i)); // what the reader itself needs is loaded now
        }
        InertWitness witness = new InertWitness(folder);
        if (Runtime.version().feature() < 24) {
            System.setSecurityManager(witness);
        }
        Begin.mark();
        for (Path file : files) {
            open(file);
        }
        if (loud) {
            CanaryOfTheTests.sing();
        }
        End.mark();
        if (Runtime.version().feature() < 24) {
            System.setSecurityManager(null);
        }
        System.out.println("files " + files.size());
        witness.touched.forEach(what -> System.out.println("touched " + what));
    }

    private static void open(Path file) throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open(file)) {
            for (String name : checkpoint.tensors().keySet()) {
                checkpoint.read(name);
            }
        } catch (CheckpointException e) {
            if (e.getMessage().isEmpty()) {
                throw e;
            }
        }
    }

    @Override
    public void checkPermission(Permission permission) {}

    @Override
    public void checkExec(String command) {
        touched.add("process " + command);
    }

    @Override
    public void checkConnect(String host, int port) {
        touched.add("socket " + host);
    }

    @Override
    public void checkListen(int port) {
        touched.add("socket " + port);
    }

    @Override
    public void checkDelete(String file) {
        touched.add("deleted " + file);
    }

    @Override
    public void checkWrite(String file) {
        touched.add("written " + file);
    }

    @Override
    public void checkWrite(FileDescriptor descriptor) {
        touched.add("written");
    }

    @Override
    public void checkRead(String file) {
        Path path = Path.of(file).toAbsolutePath();
        boolean own = path.startsWith(folder)
                || file.startsWith(javaHome)
                || classPath.stream().anyMatch(file::startsWith);
        if (!own) {
            touched.add("read " + file);
        }
    }
}
