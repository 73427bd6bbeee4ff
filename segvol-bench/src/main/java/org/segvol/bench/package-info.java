/** JMH benchmarks of the library at released size, with synthetic weights. Run them with {@code segvol-bench/run}. */
package org.segvol.bench;
