package org.segvol.weights;

/** Text from files that nobody vouches for, made fit for a message or a terminal. */
final class PlainText {
    private static final int LONGEST = 1500;

    private PlainText() {}

    /** The text with control, format and unpaired surrogate characters written as escapes, and cut when it is very long. */
    static String of(String text) {
        StringBuilder out = new StringBuilder(Math.min(text.length(), LONGEST));
        int at = 0;
        while (at < text.length() && out.length() < LONGEST) {
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
        return at < text.length()
                ? out.append("... (")
                        .append(text.length())
                        .append(" characters)")
                        .toString()
                : out.toString();
    }
}
