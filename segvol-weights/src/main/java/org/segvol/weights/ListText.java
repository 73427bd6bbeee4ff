package org.segvol.weights;

import java.util.List;

/** Lists for one-sentence messages. */
final class ListText {
    private static final int SHOWN = 5;

    private ListText() {}

    /** The first few items and how many more there are, or a word for none. */
    static String of(List<String> items, String none) {
        if (items.isEmpty()) {
            return none;
        }
        String text = String.join(", ", items.subList(0, Math.min(SHOWN, items.size())));
        return items.size() <= SHOWN ? text : text + " and " + (items.size() - SHOWN) + " more";
    }
}
