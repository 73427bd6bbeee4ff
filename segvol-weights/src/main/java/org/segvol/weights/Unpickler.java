package org.segvol.weights;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs a pickle of protocol 0 to 5 into plain values: texts, {@link Long} and {@link BigInteger}, booleans, null, lists (for lists and
 * tuples), {@link PickleDict}, {@link StorageReference}, {@link TensorReference}, and {@link Foreign#PLACEHOLDER} for the rest.
 *
 * <p>No class is ever looked up or instantiated ({@link PickleConstructor} has the allow-list). The machine has no recursion; its steps and
 * its memory are paid from a {@link PickleBudget}, and lengths are checked before they are believed, so hostile bytes end in a
 * {@link CheckpointException}.
 */
final class Unpickler {
    private static final int MAX_PROTOCOL = 5;
    private static final int MAX_INTEGER_BYTES = 255;
    private static final int MAX_DIGITS = 600;
    /** Characters of a key that are compared in the time of one step. */
    private static final int KEY_STEP = 64;

    private final PickleInput in;
    private final Map<String, StorageReference> storages;
    private final PickleBudget budget;
    private final PickleStack stack;
    private final Map<Long, Object> memo = new HashMap<>();

    private Unpickler(PickleInput in, Map<String, StorageReference> storages, PickleBudget budget) {
        this.in = in;
        this.budget = budget;
        this.stack = new PickleStack(in);
        this.storages = storages;
    }

    /** Reads one pickle, up to and including its stop code, and adds the storages it mentions. */
    static Object load(PickleInput in, Map<String, StorageReference> storages, PickleBudget budget)
            throws CheckpointException {
        return new Unpickler(in, storages, budget).run();
    }

    private Object run() throws CheckpointException {
        while (true) {
            budget.work(1, in);
            budget.memory(PickleBudget.REFERENCE, in);
            int opcode = in.u8();
            if (opcode == '.') {
                return stack.pop();
            }
            if (!pushesScalar(opcode) && !usesMemo(opcode) && !buildsContainer(opcode) && !buildsObject(opcode)) {
                throw in.malformed(String.format("unknown opcode 0x%02x", opcode));
            }
        }
    }

    private boolean pushesScalar(int opcode) throws CheckpointException {
        switch (opcode) {
            case 'N' -> stack.push(null);
            case 0x88 -> stack.push(true);
            case 0x89 -> stack.push(false);
            case 'K' -> stack.push((long) in.u8());
            case 'M' -> pushNumber((long) in.u16());
            case 'J' -> pushNumber((long) in.i32());
            case 0x8a -> pushNumber(integer(in.u8()));
            case 0x8b -> pushNumber(integer(in.i32()));
            case 'I', 'L' -> pushNumber(decimal(in.line()));
            case 'G' -> pushForeign(8);
            case 'F' -> {
                in.line();
                stack.push(Foreign.PLACEHOLDER);
            }
            case 'X' -> pushText(in.text(in.u32(), StandardCharsets.UTF_8));
            case 0x8c -> pushText(in.text(in.u8(), StandardCharsets.UTF_8));
            case 0x8d -> pushText(in.text(in.i64(), StandardCharsets.UTF_8));
            case 'V' -> pushText(in.line());
            case 'U' -> pushText(in.text(in.u8(), StandardCharsets.ISO_8859_1));
            case 'T' -> pushText(in.text(in.i32(), StandardCharsets.ISO_8859_1));
            case 'S' -> pushText(quoted(in.line()));
            case 'B' -> pushForeign(in.u32());
            case 'C' -> pushForeign(in.u8());
            case 0x8e, 0x96 -> pushForeign(in.i64());
            case 0x97 -> stack.push(Foreign.PLACEHOLDER);
            case 0x98 -> stack.push(stack.pop());
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean usesMemo(int opcode) throws CheckpointException {
        switch (opcode) {
            case 'p' -> remember(index(in.line()));
            case 'q' -> remember(in.u8());
            case 'r' -> remember(in.u32());
            case 0x94 -> remember(memo.size());
            case 'g' -> recall(index(in.line()));
            case 'h' -> recall(in.u8());
            case 'j' -> recall(in.u32());
            case '0' -> stack.drop();
            case '1' -> stack.popMark();
            case '2' -> stack.push(stack.top());
            case 0x80 -> {
                int protocol = in.u8();
                if (protocol > MAX_PROTOCOL) {
                    throw in.malformed("expected protocol 0 to " + MAX_PROTOCOL + ", found " + protocol);
                }
            }
            case 0x95 -> in.i64();
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean buildsContainer(int opcode) throws CheckpointException {
        switch (opcode) {
            case '(' -> {
                budget.memory(PickleBudget.MARK, in);
                stack.mark();
            }
            case ')', ']' -> pushList(new ArrayList<>(0));
            case 't', 'l' -> pushList(stack.popMark());
            case 0x85 -> pushList(stack.popLast(1));
            case 0x86 -> pushList(stack.popLast(2));
            case 0x87 -> pushList(stack.popLast(3));
            case 'a' -> append(stack.popLast(1));
            case 'e' -> append(stack.popMark());
            case '}' -> pushDictionary();
            case 'd' -> {
                List<Object> items = stack.popMark();
                pushDictionary();
                setItems(items);
            }
            case 's' -> setItems(stack.popLast(2));
            case 'u' -> setItems(stack.popMark());
            case 0x8f -> stack.push(Foreign.PLACEHOLDER);
            case 0x90 -> {
                stack.popMark();
                stack.top();
            }
            case 0x91 -> {
                stack.popMark();
                stack.push(Foreign.PLACEHOLDER);
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean buildsObject(int opcode) throws CheckpointException {
        switch (opcode) {
            case 'c' -> stack.push(PickleConstructor.global(in.line(), in.line()));
            case 0x93 -> {
                List<Object> names = stack.popLast(2);
                boolean texts = names.get(0) instanceof String && names.get(1) instanceof String;
                stack.push(
                        texts
                                ? PickleConstructor.global((String) names.get(0), (String) names.get(1))
                                : Foreign.PLACEHOLDER);
            }
            case 'R', 0x81 -> {
                List<Object> call = stack.popLast(2);
                stack.push(call(call.get(0), call.get(1)));
            }
            case 0x92 -> {
                List<Object> call = stack.popLast(3);
                stack.push(call(call.get(0), call.get(1)));
            }
            case 'i' -> {
                Object callable = PickleConstructor.global(in.line(), in.line());
                stack.push(call(callable, stack.popMark()));
            }
            case 'o' -> {
                List<Object> call = stack.popMark();
                if (call.isEmpty()) {
                    throw in.malformed("an object without a class");
                }
                stack.push(call(call.get(0), call.subList(1, call.size())));
            }
            case 'b' -> {
                // attributes, such as a state dictionary's _metadata, hold no weights
                stack.pop();
                stack.top();
            }
            case 'P' -> {
                in.line();
                stack.push(Foreign.PLACEHOLDER);
            }
            case 'Q' -> stack.push(persistent(stack.pop()));
            case 0x82 -> pushForeign(1);
            case 0x83 -> pushForeign(2);
            case 0x84 -> pushForeign(4);
            default -> {
                return false;
            }
        }
        return true;
    }

    private Object call(Object callable, Object arguments) throws CheckpointException {
        if (!(callable instanceof PickleConstructor constructor)) {
            return Foreign.PLACEHOLDER;
        }
        if (!(arguments instanceof List<?> list)) {
            throw in.malformed("expected a tuple of arguments");
        }
        payForCall(list);
        return constructor.call(list, in);
    }

    /** What is built is at most a tensor, or a dictionary with the pairs of the first argument. */
    private void payForCall(List<?> arguments) throws CheckpointException {
        budget.memory(PickleBudget.TENSOR, in);
        for (Object argument : arguments.subList(0, Math.min(arguments.size(), 4))) {
            if (argument instanceof List<?> elements) {
                budget.work(elements.size(), in);
                budget.memory((long) elements.size() * PickleBudget.ENTRY, in);
            }
        }
    }

    /** {@code ("storage", class, key, device, elements[, (view key, start, elements)])}. */
    private Object persistent(Object id) throws CheckpointException {
        if (!(id instanceof List<?> parts) || parts.size() < 5 || !"storage".equals(parts.get(0))) {
            return Foreign.PLACEHOLDER;
        }
        if (!(parts.get(1) instanceof StorageType type)) {
            return Foreign.PLACEHOLDER;
        }
        if (!(parts.get(2) instanceof String key) || !(parts.get(4) instanceof Long elements) || elements < 0) {
            throw in.malformed("expected a key and an element count of a storage");
        }
        budget.memory(PickleBudget.STORAGE, in);
        StorageReference storage = new StorageReference(key, type, elements, 0, elements);
        storages.putIfAbsent(key, storage);
        if (parts.size() > 5 && parts.get(5) != null) {
            if (!(parts.get(5) instanceof List<?> view)
                    || view.size() != 3
                    || !(view.get(1) instanceof Long start)
                    || !(view.get(2) instanceof Long count)
                    || start < 0
                    || count < 0
                    || start > elements - count) {
                throw in.malformed("a view lies outside of its storage of " + elements + " elements");
            }
            return new StorageReference(key, type, elements, start, count);
        }
        return storage;
    }

    private void append(List<Object> items) throws CheckpointException {
        // what is appended to foreign objects is dropped
        if (stack.top() instanceof ArrayList<?>) {
            @SuppressWarnings("unchecked")
            List<Object> list = (List<Object>) stack.top();
            budget.memory((long) items.size() * PickleBudget.REFERENCE, in);
            list.addAll(items);
        }
    }

    private void setItems(List<Object> items) throws CheckpointException {
        if (items.size() % 2 != 0) {
            throw in.malformed("a dictionary key without a value");
        }
        if (stack.top() instanceof PickleDict dict) {
            for (int i = 0; i < items.size(); i += 2) {
                if (items.get(i) instanceof String key) {
                    budget.work(1 + key.length() / KEY_STEP, in);
                    budget.memory(PickleBudget.ENTRY, in);
                }
                dict.put(items.get(i), items.get(i + 1));
            }
        }
    }

    private Object integer(int length) throws CheckpointException {
        if (length < 0) {
            throw in.malformed("an integer of " + length + " bytes");
        }
        if (length > MAX_INTEGER_BYTES) {
            in.skip(length);
            return Foreign.PLACEHOLDER;
        }
        byte[] bytes = in.bytes(length);
        for (int i = 0, j = length - 1; i < j; i++, j--) {
            byte low = bytes[i];
            bytes[i] = bytes[j];
            bytes[j] = low;
        }
        return plain(length == 0 ? BigInteger.ZERO : new BigInteger(bytes));
    }

    private Object decimal(String line) throws CheckpointException {
        if (line.equals("00") || line.equals("01")) {
            return line.equals("01");
        }
        if (line.length() > MAX_DIGITS) {
            return Foreign.PLACEHOLDER;
        }
        String digits = line.endsWith("L") ? line.substring(0, line.length() - 1) : line;
        try {
            return plain(new BigInteger(digits.strip()));
        } catch (NumberFormatException e) {
            throw in.malformed("expected an integer");
        }
    }

    private static Object plain(BigInteger value) {
        return value.bitLength() < Long.SIZE ? (Object) value.longValue() : value;
    }

    private static String quoted(String line) {
        boolean quotes = line.length() >= 2 && line.charAt(0) == line.charAt(line.length() - 1);
        return quotes ? line.substring(1, line.length() - 1) : line;
    }

    private long index(String line) throws CheckpointException {
        if (decimal(line) instanceof Long index && index >= 0) {
            return index;
        }
        throw in.malformed("expected a memo index");
    }

    private void remember(long index) throws CheckpointException {
        budget.memory(PickleBudget.MEMO, in);
        memo.put(index, stack.top());
    }

    private void recall(long index) throws CheckpointException {
        if (!memo.containsKey(index)) {
            throw in.malformed("nothing is remembered under " + index);
        }
        stack.push(memo.get(index));
    }

    private void pushText(Object text) throws CheckpointException {
        if (text instanceof String kept) {
            budget.memory(PickleBudget.TEXT + 2L * kept.length(), in);
        }
        stack.push(text);
    }

    private void pushNumber(Object number) throws CheckpointException {
        budget.memory(number instanceof BigInteger ? PickleBudget.NUMBER + MAX_INTEGER_BYTES : PickleBudget.NUMBER, in);
        stack.push(number);
    }

    private void pushList(List<Object> list) throws CheckpointException {
        budget.memory(PickleBudget.LIST + (long) list.size() * PickleBudget.REFERENCE, in);
        stack.push(list);
    }

    private void pushDictionary() throws CheckpointException {
        budget.memory(PickleBudget.DICTIONARY, in);
        stack.push(new PickleDict());
    }

    private void pushForeign(long bytes) throws CheckpointException {
        in.skip(bytes);
        stack.push(Foreign.PLACEHOLDER);
    }
}
