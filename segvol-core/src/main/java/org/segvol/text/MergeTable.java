package org.segvol.text;

import java.io.IOException;
import java.io.InputStream;

/**
 * The vocabulary of byte-level BPE (spec 2.5): 256 symbols of one byte, the same 256 at the end of a word, then one symbol for every merge in
 * the order of the merges. Symbols are ids from the start, because their text is only needed while the file is read. Immutable.
 */
final class MergeTable {
    private static final int BYTES = 256;
    private static final String WORD_END = "</w>";

    private final int[] byteIds = new int[BYTES];
    private final IdTable pairs = new IdTable(1 << 17);
    private final int size;

    /**
     * Reads a list of merges: a version line, then two symbols a line, separated by a space, in UTF-8.
     *
     * @throws IllegalStateException when a merge uses a symbol that no earlier line made, or makes one a second time
     */
    MergeTable(InputStream merges) throws IOException {
        byte[] text = merges.readAllBytes();
        IdTable symbols = new IdTable(1 << 17); // by the hash of their bytes
        addByteSymbols(symbols);
        int id = 2 * BYTES, at = 0;
        while (text[at++] != '\n') {} // the version
        while (at < text.length) {
            long left = 0, right = 0;
            for (; text[at] != ' '; at++) {
                left = hash(left, text[at]);
            }
            long joined = left;
            for (at++; at < text.length && text[at] != '\n'; at++) {
                right = hash(right, text[at]);
                joined = hash(joined, text[at]);
            }
            at++;
            int a = symbols.get(left), b = symbols.get(right);
            if (a < 0 || b < 0 || symbols.get(joined) >= 0) {
                throw new IllegalStateException("merge " + (id - 2 * BYTES + 1)
                        + " of the vocabulary does not join two earlier symbols to a new one");
            }
            symbols.put(joined, id);
            pairs.put(pair(a, b), id);
            id++;
        }
        size = id;
    }

    /** Numbers the printable bytes first, then the others. */
    private void addByteSymbols(IdTable symbols) {
        int id = 0, standIn = BYTES;
        for (int b = 0; b < BYTES; b++) {
            if (isPrintable(b)) {
                addByteSymbol(symbols, b, b, id++);
            }
        }
        for (int b = 0; b < BYTES; b++) {
            if (!isPrintable(b)) {
                addByteSymbol(symbols, b, standIn++, id++);
            }
        }
    }

    private void addByteSymbol(IdTable symbols, int b, int character, int id) {
        long hash = 0;
        if (character < 0x80) {
            hash = hash(hash, (byte) character);
        } else { // two bytes of UTF-8
            hash = hash(hash, (byte) (0xC0 | (character >> 6)));
            hash = hash(hash, (byte) (0x80 | (character & 0x3F)));
        }
        byteIds[b] = id;
        symbols.put(hash, id);
        for (int i = 0; i < WORD_END.length(); i++) {
            hash = hash(hash, (byte) WORD_END.charAt(i));
        }
        symbols.put(hash, id + BYTES);
    }

    /** Whether a byte stands for itself in the vocabulary; the others take the code points from 256 on. */
    private static boolean isPrintable(int b) {
        return (b >= '!' && b <= '~') || (b >= 0xA1 && b <= 0xAC) || (b >= 0xAE && b <= 0xFF);
    }

    /** Adds a byte to the hash of the bytes before it. */
    private static long hash(long before, byte next) {
        return (before + (next & 0xFF) + 1) * 0x9E3779B97F4A7C15L;
    }

    private static long pair(int left, int right) {
        return ((long) left << 32) | right;
    }

    /** How many ids there are; the next two are start and end of text. */
    int size() {
        return size;
    }

    /** The symbol of a byte. */
    int symbol(byte value, boolean endsWord) {
        return byteIds[value & 0xFF] + (endsWord ? BYTES : 0);
    }

    /** The symbol that two neighbours merge to, or -1. Of two merges the one with the smaller id comes first. */
    int merged(int left, int right) {
        return pairs.get(pair(left, right));
    }

    /** From numbers to ids, by open addressing. */
    private static final class IdTable {
        private final long[] keys;
        private final int[] next; // id + 1, so that 0 is a free place

        IdTable(int places) {
            keys = new long[places];
            next = new int[places];
        }

        /** The place of a key, or the free one where it belongs. */
        private int place(long key) {
            int mask = keys.length - 1;
            int at = (int) ((key * 0xBF58476D1CE4E5B9L) >>> 40) & mask;
            while (next[at] != 0 && keys[at] != key) {
                at = (at + 1) & mask;
            }
            return at;
        }

        int get(long key) {
            return next[place(key)] - 1;
        }

        void put(long key, int id) {
            int at = place(key);
            keys[at] = key;
            next[at] = id + 1;
        }
    }
}
