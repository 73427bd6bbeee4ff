package org.segvol.weights;

/** Stands for every pickled object that is of no use here: floats, byte strings, sets, and instances of unknown classes. */
enum Foreign {
    /** The only one: foreign content is not kept. */
    PLACEHOLDER
}
