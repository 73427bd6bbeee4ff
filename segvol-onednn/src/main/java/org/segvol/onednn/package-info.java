/**
 * The fast CPU engine: networks as lists of oneDNN primitives on memory that is laid out once. Uses no class of ND4J.
 */
package org.segvol.onednn;
