package org.segvol.weights;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiFunction;
import org.segvol.weights.PickleBytes.Tensor;

/**
 * Pickles that try to run something, in every way in which the format can name and call things, and pickles that try to exhaust the
 * reader. Made from descriptions of the attack classes; the same seed gives the same files.
 */
final class PickleAttacks {
    private static final long SEED = 20261124;
    private static final String TENSOR = ZipAttacks.TENSOR;

    /** Modules and names that Python attacks use, and what somebody would try on a Java reader. */
    private static final String[][] CALLABLES = {
        {"os", "system"},
        {"posix", "system"},
        {"nt", "system"},
        {"os", "popen"},
        {"os", "execvp"},
        {"os", "remove"},
        {"subprocess", "Popen"},
        {"subprocess", "check_output"},
        {"subprocess", "getoutput"},
        {"commands", "getoutput"},
        {"builtins", "eval"},
        {"builtins", "exec"},
        {"builtins", "compile"},
        {"builtins", "open"},
        {"builtins", "getattr"},
        {"builtins", "__import__"},
        {"__builtin__", "eval"},
        {"__builtin__", "apply"},
        {"operator", "attrgetter"},
        {"operator", "methodcaller"},
        {"functools", "partial"},
        {"functools", "reduce"},
        {"importlib", "import_module"},
        {"runpy", "_run_code"},
        {"runpy", "run_path"},
        {"pickle", "loads"},
        {"_pickle", "loads"},
        {"_pickle", "Unpickler"},
        {"marshal", "loads"},
        {"types", "FunctionType"},
        {"types", "CodeType"},
        {"ctypes", "CDLL"},
        {"socket", "socket"},
        {"urllib.request", "urlopen"},
        {"requests.api", "get"},
        {"http.client", "HTTPSConnection"},
        {"webbrowser", "open"},
        {"shutil", "rmtree"},
        {"sys", "exit"},
        {"pty", "spawn"},
        {"code", "interact"},
        {"timeit", "timeit"},
        {"pdb", "run"},
        {"bdb", "Bdb.run"},
        {"cProfile", "run"},
        {"asyncio.unix_events", "_UnixSubprocessTransport._start"},
        {"pip", "main"},
        {"numpy.testing._private.utils", "runstring"},
        {"torch", "load"},
        {"torch.jit", "load"},
        {"torch.hub", "load"},
        {"torch.storage", "_load_from_bytes"},
        {"torch._utils", "_rebuild_tensor_v2.__globals__"},
        {"torch", "Size.__class__"},
        {"collections", "OrderedDict.__reduce__"},
        {"collections", "namedtuple"},
        {"copyreg", "_reconstructor"},
        {"copyreg", "__newobj__"},
        {"copyreg", "add_extension"},
        {"java.lang", "Runtime"},
        {"java.lang.Runtime", "getRuntime"},
        {"java.lang", "ProcessBuilder"},
        {"java.net", "URL"},
        {"javax.script", "ScriptEngineManager"},
        {"org.segvol.weights", "CanaryOfTheTests"},
        {"org.segvol.weights.CanaryOfTheTests", "sing"},
        {"", ""},
        {".", "."},
        {"os\u0000", "system"},
        {"\u2028", "\u202e"}
    };

    private PickleAttacks() {}

    /** Ways to call something with something. */
    private static List<BiFunction<String, String, PickleBytes>> calls() {
        return List.of(
                (module, name) ->
                        argument(new PickleBytes().global(module, name)).op('R'),
                (module, name) ->
                        argument(new PickleBytes().global(module, name)).op(0x81),
                (module, name) ->
                        argument(new PickleBytes().global(module, name)).op('}', 0x92),
                (module, name) ->
                        new PickleBytes().op('(').text("touch canary").ascii("i" + module + "\n" + name + "\n"),
                (module, name) -> new PickleBytes()
                        .op('(')
                        .global(module, name)
                        .text("touch canary")
                        .op('o'),
                (module, name) -> argument(
                                new PickleBytes().text(module).text(name).op(0x93))
                        .op('R'),
                (module, name) -> new PickleBytes()
                        .global(module, name)
                        .op(')', 0x81, '}')
                        .text("__setstate__")
                        .global(module, name)
                        .op('s', 'b'),
                (module, name) -> new PickleBytes()
                        .global(module, name)
                        .op('}')
                        .text("cmd")
                        .text("touch canary")
                        .op('s', 'b'),
                PickleAttacks::importChain,
                (module, name) -> argument(
                                new PickleBytes().global(module, name).op(0x94, '0', 'h', 0))
                        .op('R'),
                (module, name) -> new PickleBytes()
                        .op('(')
                        .text("storage")
                        .global(module, name)
                        .text("0")
                        .text("cpu")
                        .integer(3)
                        .op('t', 'Q'),
                (module, name) -> new PickleBytes()
                        .global("torch._tensor", "_rebuild_from_type_v2")
                        .op('(')
                        .global(module, name)
                        .global(module, name)
                        .op('(')
                        .text("touch canary")
                        .op('t', '}', 't', 'R'),
                (module, name) -> new PickleBytes()
                        .global("torch._utils", "_rebuild_parameter")
                        .op('(')
                        .raw(argument(new PickleBytes().global(module, name))
                                .op('R')
                                .bytes())
                        .op(0x89, 'N', 't', 'R'),
                (module, name) -> nested(argument(new PickleBytes().op(0x80, 2).global(module, name))
                        .op('R', '.')),
                (module, name) -> new PickleBytes()
                        .op(']')
                        .raw(argument(new PickleBytes().global(module, name))
                                .op('R')
                                .bytes())
                        .op('a'));
    }

    private static PickleBytes argument(PickleBytes pickle) {
        return pickle.op('(').text("touch canary").op('t');
    }

    /** getattr(getattr(__import__(module), name), "__call__")("touch canary"). */
    private static PickleBytes importChain(String module, String name) {
        PickleBytes inner = new PickleBytes()
                .global("builtins", "__import__")
                .op('(')
                .text(module)
                .op('t', 'R');
        PickleBytes attribute = new PickleBytes()
                .global("builtins", "getattr")
                .op('(')
                .raw(inner.bytes())
                .text(name)
                .op('t', 'R');
        return argument(new PickleBytes()
                        .global("builtins", "getattr")
                        .op('(')
                        .raw(attribute.bytes())
                        .text("__call__")
                        .op('t', 'R'))
                .op('R');
    }

    /** A pickle in a byte string, given to the function that would load it. */
    private static PickleBytes nested(PickleBytes inner) {
        byte[] bytes = inner.bytes();
        return new PickleBytes()
                .global("torch.storage", "_load_from_bytes")
                .op('(', 'B')
                .int32(bytes.length)
                .raw(bytes)
                .op('t', 'R');
    }

    /** Pickles alone; each goes into both containers. */
    static List<Attack> pickles(boolean legacy) {
        List<Attack> attacks = new ArrayList<>();
        Random random = new Random(SEED);
        List<BiFunction<String, String, PickleBytes>> calls = calls();
        for (int c = 0; c < CALLABLES.length; c++) {
            for (int form = 0; form < calls.size(); form++) {
                String module = CALLABLES[c][0];
                String name = CALLABLES[c][1];
                byte[] call = calls.get(form).apply(module, name).bytes();
                String what = "call " + form + " of " + module + " " + name;
                switch (random.nextInt(6)) {
                    case 0 -> attacks.add(Attack.refused(what + " as the root", root(call)));
                    case 1 -> attacks.add(Attack.harmless(what + " beside a tensor", beside(call, legacy)));
                    case 2 -> attacks.add(Attack.harmless(what + " as a hook", hook(call, legacy)));
                    case 3 -> attacks.add(Attack.harmless(what + " as attributes", attributes(call, legacy)));
                    case 4 -> attacks.add(Attack.harmless(what + " dropped from the stack", dropped(call, legacy)));
                    default -> attacks.add(Attack.harmless(what + " as a key", asKey(call, legacy)));
                }
            }
        }
        attacks.addAll(extensions(legacy));
        attacks.addAll(structures(legacy));
        attacks.addAll(claims());
        return attacks;
    }

    private static byte[] root(byte... call) {
        return new PickleBytes().op(0x80, 2).raw(call).op('.').bytes();
    }

    private static PickleBytes state(boolean legacy) {
        return new PickleBytes()
                .op(0x80, 2, '}')
                .text(TENSOR)
                .tensor("0", Tensor.contiguous(3), legacy)
                .op('s');
    }

    private static byte[] beside(byte[] call, boolean legacy) {
        return state(legacy).text("evil").raw(call).op('s', '.').bytes();
    }

    private static byte[] hook(byte[] call, boolean legacy) {
        PickleBytes pickle = new PickleBytes()
                .op(0x80, 2, '}')
                .text(TENSOR)
                .global("torch._utils", "_rebuild_tensor_v2")
                .op('(');
        pickle.storage("0", "FloatStorage", 3, legacy)
                .integer(0)
                .integers(3)
                .integers(1)
                .op(0x89);
        return pickle.raw(call).op('t', 'R', 's', '.').bytes();
    }

    private static byte[] attributes(byte[] call, boolean legacy) {
        return state(legacy).raw(call).op('b', '.').bytes();
    }

    private static byte[] dropped(byte[] call, boolean legacy) {
        return new PickleBytes()
                .op(0x80, 2)
                .raw(call)
                .op('0')
                .raw(state(legacy).bytes())
                .op('.')
                .bytes();
    }

    private static byte[] asKey(byte[] call, boolean legacy) {
        return state(legacy).raw(call).op('N', 's', '.').bytes();
    }

    private static List<Attack> extensions(boolean legacy) {
        List<Attack> attacks = new ArrayList<>();
        int[][] opcodes = {
            {0x82, 1},
            {0x82, 0},
            {0x82, 255},
            {0x83, 1, 0},
            {0x83, 255, 255},
            {0x84, 1, 0, 0, 0},
            {0x84, 255, 255, 255, 255}
        };
        for (int[] opcode : opcodes) {
            byte[] call = argument(new PickleBytes().op(opcode)).op('R').bytes();
            attacks.add(Attack.harmless("extension " + opcode[0] + " " + opcode[1], beside(call, legacy)));
            attacks.add(Attack.refused("extension at the root " + opcode[0] + " " + opcode[1], root(call)));
        }
        attacks.add(Attack.harmless(
                "text persistent id",
                beside(new PickleBytes().ascii("P../../etc/passwd\n").bytes(), legacy)));
        attacks.add(Attack.harmless(
                "persistent id that is a text",
                beside(new PickleBytes().text("/etc/passwd").op('Q').bytes(), legacy)));
        attacks.add(Attack.harmless(
                "persistent id that is a module",
                beside(
                        new PickleBytes()
                                .op('(')
                                .text("module")
                                .global("os", "system")
                                .text("x")
                                .text("y")
                                .op('t', 'Q')
                                .bytes(),
                        legacy)));
        for (int buffer : new int[] {0x97, 0x98}) {
            attacks.add(Attack.harmless(
                    "buffer opcode " + buffer,
                    beside(
                            new PickleBytes()
                                    .op('N', buffer)
                                    .op(buffer == 0x97 ? new int[] {'0'} : new int[0])
                                    .bytes(),
                            legacy)));
        }
        return attacks;
    }

    private static List<Attack> structures(boolean legacy) {
        List<Attack> attacks = new ArrayList<>();
        attacks.add(Attack.harmless(
                "dictionary in itself",
                new PickleBytes()
                        .raw(state(legacy).bytes())
                        .op('q', 0)
                        .text("self")
                        .op('h', 0, 's', '.')
                        .bytes()));
        attacks.add(Attack.refused(
                "list in itself",
                new PickleBytes().op(0x80, 2, ']', 'q', 0, 'h', 0, 'a', '.').bytes()));
        attacks.add(Attack.refused(
                "model in itself",
                new PickleBytes()
                        .op(0x80, 2, '}', 'q', 0)
                        .text("model")
                        .op('h', 0, 's', '.')
                        .bytes()));
        attacks.add(Attack.refused(
                "shape that holds itself",
                new PickleBytes()
                        .op(0x80, 2, '}')
                        .text(TENSOR)
                        .global("torch._utils", "_rebuild_tensor_v2")
                        .op('(')
                        .storage("0", "FloatStorage", 3, legacy)
                        .integer(0)
                        .op(']', 'q', 0, 'h', 0, 'a', 'h', 0, 0x89, '}', 't', 'R', 's', '.')
                        .bytes()));
        PickleBytes doubling = state(legacy).text("laughs").op(']');
        for (int i = 0; i < 200; i++) {
            doubling.op('2', 0x86);
        }
        attacks.add(
                Attack.harmless("two hundred doublings", doubling.op('s', '.').bytes()));
        attacks.add(Attack.refused("ten thousand frames", repeat(10_000, 0x95, 0, 0, 0, 0, 0, 0, 0, 0)));
        attacks.add(Attack.refused("unclosed marks", repeat(100_000, '(')));
        attacks.add(Attack.refused("million empty lists", repeat(1_000_000, ']')));
        attacks.add(Attack.refused("million dictionaries", repeat(1_000_000, '}')));
        attacks.add(Attack.refused("million memo entries", repeat(1_000_000, 'N', 0x94)));
        attacks.add(Attack.refused("memo at scattered indices", scatteredMemo()));
        attacks.add(Attack.refused("nested tuples", repeat(900_000, 0x85)));
        attacks.add(Attack.refused("many tensors of many axes", manyAxes(legacy)));
        attacks.add(Attack.refused("many dictionaries of the same pairs", manyPairs()));
        attacks.add(Attack.refused("many keys", manyKeys()));
        attacks.add(Attack.refused("long keys, compared often", comparedKeys()));
        attacks.add(Attack.refused("many storages", manyStorages()));
        return attacks;
    }

    private static byte[] repeat(int times, int... opcodes) {
        byte[] one = new PickleBytes().op(opcodes).bytes();
        byte[] all = new byte[3 + times * one.length + 1];
        System.arraycopy(new byte[] {(byte) 0x80, 4, 'N'}, 0, all, 0, 3);
        for (int i = 0; i < times; i++) {
            System.arraycopy(one, 0, all, 3 + i * one.length, one.length);
        }
        all[all.length - 1] = '.';
        return all;
    }

    private static byte[] scatteredMemo() {
        PickleBytes pickle = new PickleBytes().op(0x80, 2, 'N');
        for (int i = 0; i < 500_000; i++) {
            pickle.op('r').int32(i * 0x9E3779B1);
        }
        return pickle.op('.').bytes();
    }

    private static byte[] manyAxes(boolean legacy) {
        PickleBytes pickle = new PickleBytes()
                .op(0x80, 2)
                .global("torch._utils", "_rebuild_tensor_v2")
                .op('q', 0, '0', '(')
                .storage("0", "FloatStorage", 3, legacy)
                .integer(0);
        for (int list = 0; list < 2; list++) {
            pickle.op('(');
            for (int axis = 0; axis < StoredTensor.MAX_RANK; axis++) {
                pickle.integer(1);
            }
            pickle.op('t');
        }
        pickle.op(0x89, 'N', 't', 'q', 1, '0');
        for (int i = 0; i < 300_000; i++) {
            pickle.op('h', 0, 'h', 1, 'R');
        }
        return pickle.op('.').bytes();
    }

    private static byte[] manyPairs() {
        PickleBytes pickle = new PickleBytes()
                .op(0x80, 2)
                .global("collections", "OrderedDict")
                .op('q', 0, '0', ']', '(');
        for (int i = 0; i < 1000; i++) {
            pickle.text("k" + i).op('N', 0x86);
        }
        pickle.op('e', 0x85, 'q', 1, '0');
        for (int i = 0; i < 100_000; i++) {
            pickle.op('h', 0, 'h', 1, 'R');
        }
        return pickle.op('.').bytes();
    }

    private static byte[] manyKeys() {
        PickleBytes pickle = new PickleBytes().op(0x80, 4, '}');
        for (int i = 0; i < 400_000; i++) {
            pickle.op(0x8c, 3, i & 0x7f, i >> 7 & 0x7f, i >> 14 & 0x7f, 'N', 's');
        }
        return pickle.op('.').bytes();
    }

    /** Keys with the same hash that differ at their end only. */
    private static byte[] comparedKeys() {
        PickleBytes pickle = new PickleBytes().op(0x80, 2, '}', 'q', 255);
        String prefix = "x".repeat(4000);
        for (int i = 0; i < 250; i++) {
            StringBuilder key = new StringBuilder(prefix);
            for (int bit = 0; bit < 8; bit++) {
                key.append((i >> bit & 1) == 0 ? "Aa" : "BB");
            }
            pickle.text(key.toString()).op('q', i, 'N', 's');
        }
        for (int i = 0; i < 600_000; i++) {
            pickle.op('h', i % 250, 'N', 's');
        }
        return pickle.op('.').bytes();
    }

    private static byte[] manyStorages() {
        PickleBytes pickle = new PickleBytes()
                .op(0x80, 4)
                .global("torch", "FloatStorage")
                .op('q', 0, '0')
                .text("storage")
                .op('q', 1, '0');
        for (int i = 0; i < 150_000; i++) {
            pickle.op('(', 'h', 1, 'h', 0, 0x8c, 3, i & 0x7f, i >> 7 & 0x7f, i >> 14 & 0x7f, 'N', 'K', 3, 't', 'Q');
        }
        return pickle.op('.').bytes();
    }

    /** Lengths that the file does not have, and numbers that overflow. */
    private static List<Attack> claims() {
        List<Attack> attacks = new ArrayList<>();
        for (int opcode : new int[] {'X', 'B', 'T', 0x8b}) {
            for (int length : new int[] {1, 1000, 0x7fff_ffff, -1, Integer.MIN_VALUE}) {
                attacks.add(Attack.refused(
                        "opcode " + opcode + " of length " + length,
                        new PickleBytes().op(0x80, 4, opcode).int32(length).bytes()));
            }
        }
        for (int opcode : new int[] {0x8d, 0x8e, 0x96, 0x95}) {
            for (long length : new long[] {1, 1L << 31, 1L << 40, Long.MAX_VALUE, -1, Long.MIN_VALUE}) {
                attacks.add(Attack.refused(
                        "opcode " + opcode + " of length " + length,
                        new PickleBytes().op(0x80, 4, opcode).int64(length).bytes()));
            }
        }
        attacks.add(Attack.refused(
                "decimal of a million digits",
                new PickleBytes()
                        .op(0x80, 2)
                        .ascii("L" + "9".repeat(1_000_000) + "L\n.")
                        .bytes()));
        attacks.add(Attack.refused(
                "decimal that is none",
                new PickleBytes().op(0x80, 2).ascii("I0x10\n.").bytes()));
        attacks.add(Attack.refused(
                "memo at a negative index",
                new PickleBytes().op(0x80, 2).ascii("Np-1\n.").bytes()));
        attacks.add(Attack.refused(
                "memo at a huge index",
                new PickleBytes()
                        .op(0x80, 2)
                        .ascii("Np" + "9".repeat(500) + "\n.")
                        .bytes()));
        attacks.add(Attack.refused(
                "line without an end",
                new PickleBytes().op(0x80, 2).ascii("c" + "a".repeat(100_000)).bytes()));
        for (int opcode = 0; opcode < 256; opcode++) {
            attacks.add(Attack.refused(
                    "opcode " + opcode + " alone",
                    new PickleBytes().op(0x80, 4, opcode).bytes()));
        }
        return attacks;
    }

    /** A zip file around each pickle, with the storage that plain tensors need. */
    static List<Attack> zips() {
        return pickles(false).stream()
                .map(attack -> new Attack(
                        attack.name(), ZipAttacks.plain(attack.bytes()).bytes(), attack.harmless()))
                .toList();
    }

    /** A file of the older container around each pickle, and lies of that container itself. */
    static List<Attack> legacyFiles() {
        List<Attack> attacks = new ArrayList<>();
        List<byte[]> storages = TorchFiles.storages(Map.of(TENSOR, Tensor.contiguous(3)));
        byte[] magic = TorchFiles.magicNumber(2);
        for (Attack attack : pickles(true)) {
            attacks.add(new Attack(
                    attack.name(), TorchFiles.legacyBytes(magic, attack.bytes(), storages, true), attack.harmless()));
        }
        byte[] plain = PickleBytes.state(Map.of(TENSOR, Tensor.contiguous(3)), true);
        byte[] whole = TorchFiles.legacyBytes(magic, plain, storages, true);
        attacks.add(Attack.harmless("plain", whole));
        attacks.add(Attack.refused(
                "byte at the end", new PickleBytes().raw(whole).op(0).bytes()));
        attacks.add(Attack.refused(
                "zip at the end",
                new PickleBytes().raw(whole).raw(ZipAttacks.plain().bytes()).bytes()));
        attacks.add(Attack.refused(
                "storage twice",
                TorchFiles.legacyBytes(magic, plain, List.of(storages.get(0), storages.get(0)), true)));
        attacks.add(Attack.refused("no storages", TorchFiles.legacyBytes(magic, plain, List.of(), true)));
        attacks.add(Attack.refused("big-endian", TorchFiles.legacyBytes(magic, plain, storages, false)));
        for (long count : new long[] {-1, 0, 2, 4, 1L << 61, 1L << 62, Long.MAX_VALUE, Long.MIN_VALUE}) {
            byte[] lie = whole.clone();
            byte[] value = new PickleBytes().int64(count).bytes();
            System.arraycopy(value, 0, lie, lie.length - 12 - 8, 8);
            attacks.add(Attack.refused("storage of " + count + " elements", lie));
        }
        for (byte[] first : List.of(
                new PickleBytes()
                        .op(0x80, 2)
                        .ascii("L119547037146038801333356L\n.")
                        .bytes(),
                new PickleBytes()
                        .op(0x80, 2)
                        .global("os", "system")
                        .op('(')
                        .text("touch canary")
                        .op('t', 'R', '.')
                        .bytes(),
                new PickleBytes()
                        .op(0x80, 2, 0x8a, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x19, '.')
                        .bytes(),
                new PickleBytes()
                        .op(
                                0x80, 2, '(', 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 't',
                                '.')
                        .bytes(),
                new PickleBytes()
                        .op(
                                0x80, 2, 'C', 12, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19,
                                'N', '.')
                        .bytes())) {
            attacks.add(Attack.refused(
                    "magic number of another kind", TorchFiles.legacyBytes(first, plain, storages, true)));
        }
        return attacks;
    }
}
