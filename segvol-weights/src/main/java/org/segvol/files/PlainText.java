package org.segvol.files;

/** Text from files that nobody vouches for, made fit for a message or a terminal. */
public final class PlainText {
    private static final int LONGEST = 1200;

    private PlainText() {}

    /**
     * The text with control, format and unpaired surrogate characters written as escapes. When it is very long its middle is left out: what
     * it is about stands at the start, and what is wrong with it at the end.
     */
    public static String of(String text) {
        StringBuilder out = new StringBuilder();
        int half = LONGEST / 2;
        if (text.length() > LONGEST) {
            append(text, 0, half, out);
            out.append(" ... (").append(text.length()).append(" characters) ... ");
            append(text, text.length() - half, text.length(), out);
        } else {
            append(text, 0, text.length(), out);
        }
        return out.toString();
    }

    private static void append(String text, int from, int to, StringBuilder out) {
        for (int at = from; at < to; ) {
            int c = text.codePointAt(at);
            at += Character.charCount(c);
            switch (Character.getType(c)) {
                case Character.CONTROL,
                        Character.FORMAT,
                        Character.SURROGATE,
                        Character.LINE_SEPARATOR,
                        Character.PARAGRAPH_SEPARATOR,
                        Character.PRIVATE_USE,
                        Character.UNASSIGNED -> out.append(String.format("\\u{%x}", c));
                default -> out.appendCodePoint(c);
            }
        }
    }
}
