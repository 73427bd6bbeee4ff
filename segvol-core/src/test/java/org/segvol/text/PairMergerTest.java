package org.segvol.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** The fast merge beside the definition, and texts that are made to take long. */
class PairMergerTest {
    private static MergeTable merges() throws IOException {
        try (InputStream in = ClipTokenizer.class.getResourceAsStream("merges.txt.gz");
                InputStream text = new GZIPInputStream(in)) {
            return new MergeTable(text);
        }
    }

    /** Merges the pair that comes first in the vocabulary, again and again. */
    private static List<Integer> plain(MergeTable merges, int... start) {
        List<Integer> symbols = new ArrayList<>();
        for (int symbol : start) {
            symbols.add(symbol);
        }
        while (true) {
            int best = Integer.MAX_VALUE;
            int at = -1;
            for (int i = 0; i + 1 < symbols.size(); i++) {
                int merged = merges.merged(symbols.get(i), symbols.get(i + 1));
                if (merged >= 0 && merged < best) {
                    best = merged;
                    at = i;
                }
            }
            if (at < 0) {
                return symbols;
            }
            symbols.set(at, best);
            symbols.remove(at + 1);
        }
    }

    @Test
    void equalsTheDefinition() throws IOException {
        MergeTable merges = merges();
        Random random = new Random(20261124);
        String[] alphabets = {
            "ab", "aeinrst", "abcdefghijklmnopqrstuvwxyz", "liverkdny ", "\u00e4\u00f6\u00fc\u00df\u4e2d\u6587"
        };
        for (int trial = 0; trial < 2000; trial++) {
            String alphabet = alphabets[trial % alphabets.length];
            int length = 1 + random.nextInt(trial % 10 == 0 ? 300 : 30);
            StringBuilder piece = new StringBuilder();
            for (int i = 0; i < length; i++) {
                piece.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            byte[] bytes = piece.toString().getBytes(StandardCharsets.UTF_8);
            int[] symbols = new int[bytes.length];
            for (int i = 0; i < bytes.length; i++) {
                symbols[i] = merges.symbol(bytes[i], i == bytes.length - 1);
            }
            List<Integer> out = new ArrayList<>();
            new PairMerger(merges, symbols.clone()).mergeInto(out);
            assertThat(out).as("trial %d: %s", trial, piece).isEqualTo(plain(merges, symbols));
        }
    }

    @Test
    void longestTextsTakeLittleTime() {
        ClipTokenizer tokenizer = ClipTokenizer.bundled();
        String marks = "\u0315\u0300\u0327\u0334";
        for (String unit : List.of(
                "a",
                "ab",
                "\u0300",
                "\u0315\u0327",
                marks,
                "'s",
                "'",
                "1",
                " ",
                "\ud83d\ude00",
                "\ud800",
                "<|endoftext|>",
                "<|startoftext|",
                "\u0130",
                ".",
                "\t!",
                "\u4e2d",
                "th",
                "\u1100\u1161\u11a8")) {
            String text = unit.repeat(ClipTokenizer.LONGEST_TEXT).substring(0, ClipTokenizer.LONGEST_TEXT);
            Assertions.assertTimeout(
                    Duration.ofSeconds(5),
                    () -> assertThat(tokenizer.encode(text)).isNotEmpty(),
                    () -> unit);
        }
        StringBuilder sorted = new StringBuilder("e");
        for (int i = 0; i < ClipTokenizer.LONGEST_TEXT / 2 - 1; i++) {
            sorted.append('\u0301');
        }
        for (int i = 0; i < ClipTokenizer.LONGEST_TEXT / 2 - 1; i++) {
            sorted.append('\u0323');
        }
        Assertions.assertTimeout(Duration.ofSeconds(5), () -> tokenizer.encode(sorted.toString()));
    }

    @Test
    void longerTextsAreRefused() {
        ClipTokenizer tokenizer = ClipTokenizer.bundled();
        String longest = "a".repeat(ClipTokenizer.LONGEST_TEXT);
        assertThatNoException().isThrownBy(() -> tokenizer.encode(longest));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> tokenizer.encode(longest + "b"))
                .withMessageContaining("a text may have 16384 characters, this one has 16385");
        assertThatIllegalArgumentException().isThrownBy(() -> tokenizer.encodePrompt("x".repeat(100_000_000)));
    }
}
