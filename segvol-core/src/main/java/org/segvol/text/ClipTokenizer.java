package org.segvol.text;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/**
 * CLIP's byte-level BPE tokenizer (spec 2.5), equal to the published "fast" tokenizer. Immutable; safe for several threads.
 */
public final class ClipTokenizer {
    /** Token ids: 0 to this, exclusive. */
    public static final int VOCABULARY = 49408;

    /** Longest text that is taken, in UTF-16 units. Normalising combining marks can take a time that grows with its square. */
    public static final int LONGEST_TEXT = 1 << 14;

    /** Longest sequence that the released text encoder takes, start and end included. */
    public static final int LONGEST = 77;

    private static final int START = 49406;
    private static final int END = 49407;
    private static final String START_TEXT = "<|startoftext|>";
    private static final String END_TEXT = "<|endoftext|>";
    private static final String TEMPLATE_BEFORE = "A computerized tomography of a ";
    private static final String TEMPLATE_AFTER = ".";

    private static final Pattern SPACE = Pattern.compile("\\s+", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern PIECE = Pattern.compile(
            "<\\|startoftext\\|>|<\\|endoftext\\|>|'s|'t|'re|'ve|'m|'ll|'d|\\p{L}+|\\p{N}|[^\\s\\p{L}\\p{N}]+",
            Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern BYTE_LEVEL = Pattern.compile(
            "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
            Pattern.UNICODE_CHARACTER_CLASS);

    private final MergeTable merges;

    private ClipTokenizer(MergeTable merges) {
        if (merges.size() != START) {
            throw new IllegalStateException(
                    "the bundled vocabulary has " + merges.size() + " entries instead of " + START);
        }
        this.merges = merges;
    }

    private static final class Bundled {
        static final ClipTokenizer INSTANCE = load();

        private static ClipTokenizer load() {
            try (InputStream in = ClipTokenizer.class.getResourceAsStream("merges.txt.gz");
                    InputStream text = new GZIPInputStream(in, 1 << 16)) {
                return new ClipTokenizer(new MergeTable(text));
            } catch (IOException e) {
                throw new UncheckedIOException("the bundled vocabulary cannot be read", e);
            }
        }
    }

    /** The tokenizer with CLIP's public vocabulary, which is bundled. Loaded when first used. */
    public static ClipTokenizer bundled() {
        return Bundled.INSTANCE;
    }

    /**
     * The ids of a structure's name in the sentence that the model was trained with (spec 1.3.1).
     *
     * @throws IllegalArgumentException when there are more than {@link #LONGEST}, or the name is longer than {@link #LONGEST_TEXT}
     */
    public int[] encodePrompt(String name) {
        int[] out = encode(sentence(name));
        if (out.length > LONGEST) {
            throw new IllegalArgumentException("a text prompt may have " + LONGEST
                    + " tokens with the sentence around it, this one has " + out.length + "; shorten it: "
                    + (name.length() > 40 ? name.substring(0, 40) + "..." : name));
        }
        return out;
    }

    /**
     * The same, cut to the first {@code LONGEST - 1} ids and the end when there are more.
     *
     * @throws IllegalArgumentException when the name is longer than {@link #LONGEST_TEXT}
     */
    public int[] encodePromptTruncated(String name) {
        int[] out = encode(sentence(name));
        if (out.length > LONGEST) {
            out = Arrays.copyOf(out, LONGEST);
            out[LONGEST - 1] = END;
        }
        return out;
    }

    private static String sentence(String name) {
        return TEMPLATE_BEFORE + Objects.requireNonNull(name, "name") + TEMPLATE_AFTER;
    }

    /**
     * The ids of a text as it is, between start and end.
     *
     * @throws IllegalArgumentException when the text is longer than {@link #LONGEST_TEXT}
     */
    public int[] encode(String text) {
        if (text.length() > LONGEST_TEXT) {
            throw new IllegalArgumentException("a text may have " + LONGEST_TEXT + " characters, this one has "
                    + text.length() + "; shorten it: " + text.substring(0, 40) + "...");
        }
        List<Integer> out = new ArrayList<>();
        out.add(START);
        int from = 0;
        while (true) { // the end marker is found in the raw text, before anything is normalised
            int at = text.indexOf(END_TEXT, from);
            encodeRaw(at < 0 ? text.substring(from) : text.substring(from, at), out);
            if (at < 0) {
                break;
            }
            out.add(END);
            from = at + END_TEXT.length();
        }
        out.add(END);
        return out.stream().mapToInt(Integer::intValue).toArray();
    }

    private void encodeRaw(String raw, List<Integer> out) {
        String text = normalise(raw);
        int from = 0;
        while (true) { // the start marker, in the normalised text
            int at = text.indexOf(START_TEXT, from);
            encodePieces(at < 0 ? text.substring(from) : text.substring(from, at), out);
            if (at < 0) {
                return;
            }
            out.add(START);
            from = at + START_TEXT.length();
        }
    }

    /** NFC, runs of white space to one space, lower case code point by code point. */
    private static String normalise(String raw) {
        String composed =
                SPACE.matcher(Normalizer.normalize(raw, Normalizer.Form.NFC)).replaceAll(" ");
        StringBuilder lower = new StringBuilder(composed.length());
        composed.codePoints().forEach(c -> {
            if (c == 0x130) { // the one letter whose lower case is two code points
                lower.append("i\u0307");
            } else {
                lower.appendCodePoint(Character.toLowerCase(c));
            }
        });
        return lower.toString();
    }

    private void encodePieces(String text, List<Integer> out) {
        Matcher pieces = PIECE.matcher(text);
        while (pieces.find()) {
            Matcher parts = BYTE_LEVEL.matcher(pieces.group());
            while (parts.find()) {
                encodePiece(parts.group(), out);
            }
        }
    }

    private void encodePiece(String piece, List<Integer> out) {
        byte[] bytes = piece.getBytes(StandardCharsets.UTF_8);
        int[] symbols = new int[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            symbols[i] = merges.symbol(bytes[i], i == bytes.length - 1);
        }
        new PairMerger(merges, symbols).mergeInto(out);
    }
}
