package org.segvol.weights;

import java.util.ArrayList;
import java.util.List;

/** The unpickling machine's stack. Nothing below the newest mark can be reached before that mark is taken. */
final class PickleStack {
    private final PickleInput in;
    private final List<Object> values = new ArrayList<>();
    private final List<Integer> marks = new ArrayList<>();

    /** An empty stack; {@code in} is only used to say where a mistake is. */
    PickleStack(PickleInput in) {
        this.in = in;
    }

    void push(Object value) {
        values.add(value);
    }

    void mark() {
        marks.add(values.size());
    }

    Object top() throws CheckpointException {
        if (values.size() <= floor()) {
            throw in.malformed("expected a value on the stack");
        }
        return values.get(values.size() - 1);
    }

    Object pop() throws CheckpointException {
        Object value = top();
        values.remove(values.size() - 1);
        return value;
    }

    /** Removes the newest value or mark. */
    void drop() throws CheckpointException {
        if (values.size() > floor()) {
            pop();
        } else {
            popMark();
        }
    }

    /** Removes the last values and gives them, oldest first. */
    List<Object> popLast(int count) throws CheckpointException {
        if (values.size() - count < floor()) {
            throw in.malformed("expected " + count + " values on the stack");
        }
        return take(values.size() - count);
    }

    /** Removes the newest mark and gives what stood above it, oldest first. */
    List<Object> popMark() throws CheckpointException {
        if (marks.isEmpty()) {
            throw in.malformed("expected a mark on the stack");
        }
        return take(marks.remove(marks.size() - 1));
    }

    private int floor() {
        return marks.isEmpty() ? 0 : marks.get(marks.size() - 1);
    }

    private List<Object> take(int from) {
        List<Object> tail = values.subList(from, values.size());
        List<Object> items = new ArrayList<>(tail);
        tail.clear();
        return items;
    }
}
