package org.segvol.weights;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A strict JSON parser (RFC 8259) for text from files that nobody vouches for: depth, node count and number length are bounded, and
 * repeated keys are refused. Objects become ordered maps, arrays lists, integers {@link Long}, other numbers {@link Double}, and the
 * rest strings, booleans and null.
 */
public final class JsonReader {
    private static final int MAX_DEPTH = 32;
    private static final int MAX_NODES = 2_000_000;
    /** Of an object that says what a checkpoint holds. */
    private static final int MAX_OBJECT_NODES = 200_000;

    private static final int MAX_NUMBER = 64;

    private final String text;
    private final int maxNodes;
    private int at;
    private int nodes;

    private JsonReader(String text, int maxNodes) {
        this.text = text;
        this.maxNodes = maxNodes;
    }

    /** What is wrong with a text, and at which character. */
    public static final class JsonException extends Exception {
        private static final long serialVersionUID = 1L;

        private JsonException(String message) {
            super(message);
        }
    }

    /**
     * Parses one value and nothing after it but white space.
     *
     * @throws JsonException when the text is anything else
     */
    public static Object parse(String text) throws JsonException {
        return parse(text, MAX_NODES);
    }

    private static Object parse(String text, int maxNodes) throws JsonException {
        JsonReader reader = new JsonReader(text, maxNodes);
        Object value = reader.value(0);
        reader.space();
        if (reader.at != text.length()) {
            throw reader.error("expected the end of the text");
        }
        return value;
    }

    /** Parses a text that must be an object. */
    static Map<?, ?> parseObject(String text) throws JsonException {
        if (parse(text, MAX_OBJECT_NODES) instanceof Map<?, ?> object) {
            return object;
        }
        throw new JsonException("expected a JSON object");
    }

    private Object value(int depth) throws JsonException {
        if (depth > MAX_DEPTH || ++nodes > maxNodes) {
            throw error("too deep or too many values");
        }
        space();
        char c = peek();
        return switch (c) {
            case '{' -> object(depth);
            case '[' -> array(depth);
            case '"' -> string();
            case 't' -> word("true", true);
            case 'f' -> word("false", false);
            case 'n' -> word("null", null);
            default -> number();
        };
    }

    private Map<String, Object> object(int depth) throws JsonException {
        Map<String, Object> object = new LinkedHashMap<>();
        at++;
        space();
        if (take('}')) {
            return object;
        }
        do {
            space();
            if (peek() != '"') {
                throw error("expected a key in quotes");
            }
            String key = string();
            space();
            expect(':');
            Object value = value(depth + 1);
            if (object.containsKey(key)) {
                throw error("the key \"" + key + "\" stands twice");
            }
            object.put(key, value);
            space();
        } while (take(','));
        expect('}');
        return object;
    }

    private List<Object> array(int depth) throws JsonException {
        List<Object> array = new ArrayList<>();
        at++;
        space();
        if (take(']')) {
            return array;
        }
        do {
            array.add(value(depth + 1));
            space();
        } while (take(','));
        expect(']');
        return array;
    }

    private String string() throws JsonException {
        StringBuilder out = new StringBuilder();
        at++;
        while (true) {
            char c = next();
            if (c == '"') {
                return out.toString();
            }
            if (c < ' ') {
                throw error("control character in a string");
            }
            out.append(c == '\\' ? escaped() : c);
        }
    }

    private char escaped() throws JsonException {
        char c = next();
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> {
                int code = 0;
                for (int i = 0; i < 4; i++) {
                    int digit = Character.digit(next(), 16);
                    if (digit < 0) {
                        throw error("expected four hexadecimal digits");
                    }
                    code = code << 4 | digit;
                }
                yield (char) code;
            }
            default -> throw error("unknown escape");
        };
    }

    private Object word(String word, Object value) throws JsonException {
        if (!text.startsWith(word, at)) {
            throw error("expected a JSON value");
        }
        at += word.length();
        return value;
    }

    private Object number() throws JsonException {
        int start = at;
        take('-');
        if (!take('0')) {
            digits();
        }
        boolean integer = true;
        if (take('.')) {
            integer = false;
            digits();
        }
        if (take('e') || take('E')) {
            integer = false;
            if (!take('+')) {
                take('-');
            }
            digits();
        }
        if (at - start > MAX_NUMBER) {
            throw error("the number is too long");
        }
        String number = text.substring(start, at);
        try {
            if (integer) {
                return Long.valueOf(number);
            }
            return Double.valueOf(number);
        } catch (NumberFormatException e) {
            throw error("the number " + number + " is out of range");
        }
    }

    private void digits() throws JsonException {
        int start = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        if (at == start) {
            throw error("expected a JSON value");
        }
    }

    private void space() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private char peek() throws JsonException {
        if (at >= text.length()) {
            throw error("the text ends too early");
        }
        return text.charAt(at);
    }

    private char next() throws JsonException {
        char c = peek();
        at++;
        return c;
    }

    private boolean take(char c) {
        if (at < text.length() && text.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }

    private void expect(char c) throws JsonException {
        if (!take(c)) {
            throw error("expected '" + c + "'");
        }
    }

    private JsonException error(String message) {
        return new JsonException(message + " at character " + at);
    }
}
