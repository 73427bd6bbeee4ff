/** Fine-tuning: losses, prompt sampling, the optimiser and the loop (spec 5). The network itself is the one of {@code org.segvol.layers}. */
package org.segvol.train;
