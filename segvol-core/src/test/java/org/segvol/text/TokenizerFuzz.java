package org.segvol.text;

import java.nio.charset.StandardCharsets;
import org.segvol.testing.ParsingBound;

/** Fuzz target: any text, as UTF-8 or, after a zero byte, as UTF-16 with all its broken pairs. */
public final class TokenizerFuzz {
    private static final int START = 49406;
    private static final int END = 49407;

    private TokenizerFuzz() {}

    /** The driver's entry. */
    public static void fuzzerTestOneInput(byte[] data) throws Exception {
        boolean wide = data.length > 0 && data[0] == 0;
        String text = wide
                ? new String(data, 1, data.length - 1, StandardCharsets.UTF_16BE)
                : new String(data, StandardCharsets.UTF_8);
        ParsingBound.check(data.length, 0, () -> encode(text));
    }

    private static void encode(String text) {
        ClipTokenizer tokenizer = ClipTokenizer.bundled();
        if (text.length() > ClipTokenizer.LONGEST_TEXT) {
            return;
        }
        int[] ids = tokenizer.encode(text);
        boolean framed = ids.length >= 2 && ids[0] == START && ids[ids.length - 1] == END;
        for (int id : ids) {
            if (!framed || id < 0 || id >= ClipTokenizer.VOCABULARY) {
                throw new AssertionError("wrong ids for a text of " + text.length() + " characters");
            }
        }
        if ((text.hashCode() & 0x3ff) == 1) { // it takes much longer than all the rest
            Vocabulary.bundled().nearest(text, 3);
        }
    }
}
