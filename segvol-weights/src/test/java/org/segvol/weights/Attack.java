package org.segvol.weights;

/**
 * A hostile file that a test makes.
 *
 * @param name what it tries
 * @param bytes the file
 * @param harmless whether the file may open: its hostile part is then dead weight beside a plain tensor. Otherwise it must be refused
 */
record Attack(String name, byte[] bytes, boolean harmless) {
    static Attack refused(String name, byte[] bytes) {
        return new Attack(name, bytes, false);
    }

    static Attack harmless(String name, byte[] bytes) {
        return new Attack(name, bytes, true);
    }

    @Override
    public String toString() {
        return name;
    }
}
