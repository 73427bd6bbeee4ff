package org.segvol.onednn;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/** Places storages in one block so that those in use at the same time do not overlap: the largest first, each as low as it fits. */
final class MemoryLayout {
    private static final long ALIGNMENT = 64; // a cache line, and a vector register

    private MemoryLayout() {}

    /** Gives every storage its offset and returns the bytes of the block. */
    static long place(List<Storage> storages) {
        List<Storage> order = new ArrayList<>(storages);
        order.sort(Comparator.comparingLong(Storage::bytes).reversed());
        List<Storage> placed = new ArrayList<>(); // by offset
        long total = 0;
        for (Storage storage : order) {
            long at = 0;
            for (Storage other : placed) {
                if (storage.overlaps(other)) {
                    if (at + storage.bytes() <= other.offset()) {
                        break;
                    }
                    at = Math.max(at, align(other.offset() + other.bytes()));
                }
            }
            storage.placeAt(at);
            int index = Collections.binarySearch(placed, storage, Comparator.comparingLong(Storage::offset));
            placed.add(index < 0 ? -index - 1 : index, storage);
            total = Math.max(total, align(at + storage.bytes()));
        }
        return total;
    }

    private static long align(long at) {
        return (at + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }
}
