/** The reference engine: networks as SameDiff graphs of stock operations, on whatever ND4J backend is on the class path. */
package org.segvol.layers.samediff;
