package org.segvol.onednn;

import java.util.ArrayList;
import java.util.List;

/**
 * Collects the operations and storages of a network while it is compiled, apart for what is computed once (from weights and constants
 * alone) and for what every run computes.
 */
final class PlanBuilder {
    private final List<Operation> constantOperations = new ArrayList<>();
    private final List<Operation> runOperations = new ArrayList<>();
    private final List<Integer> runPositions = new ArrayList<>();
    private final List<Storage> constantStorages = new ArrayList<>();
    private final List<Storage> runStorages = new ArrayList<>();
    private int position;
    private boolean constant;

    /** Turns to the operation at a position of the definition. */
    void begin(int at, boolean computedOnce) {
        position = at;
        constant = computedOnce;
    }

    /** Memory for a result that is read up to the operation at {@code last}. */
    Storage result(long bytes, int last) {
        return remember(Storage.planned(constant, bytes, position, last));
    }

    /** Memory for a network input, which is written before the first operation. */
    Storage input(long bytes, int last) {
        return remember(Storage.planned(false, bytes, -1, last));
    }

    /** Memory that is needed during the present operation only. */
    Storage temporary(long bytes) {
        return result(bytes, position);
    }

    private Storage remember(Storage storage) {
        (storage.place() == Storage.Place.CONSTANTS ? constantStorages : runStorages).add(storage);
        return storage;
    }

    /** Appends work. */
    void add(Operation operation) {
        if (constant) {
            constantOperations.add(operation);
        } else {
            runOperations.add(operation);
            runPositions.add(position);
        }
    }

    /** Whether the present operation is computed once. */
    boolean constant() {
        return constant;
    }

    /** How many operations a run has so far. */
    int count() {
        return runOperations.size();
    }

    /** Places all storages. */
    Plan finish() {
        return new Plan(
                List.copyOf(constantOperations),
                MemoryLayout.place(constantStorages),
                List.copyOf(runOperations),
                List.copyOf(runPositions),
                MemoryLayout.place(runStorages));
    }

    /**
     * What was collected.
     *
     * @param once operations that compute constants
     * @param constantBytes memory of constants
     * @param operations of a run
     * @param positions for each of them the position in the definition of what it is part of
     * @param bytes memory of an execution
     */
    record Plan(
            List<Operation> once,
            long constantBytes,
            List<Operation> operations,
            List<Integer> positions,
            long bytes) {}
}
