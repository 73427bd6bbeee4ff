/**
 * The image encoder beside other programs on the same machine in the same minutes. Run it with {@code segvol-bench/peers/run}; built with
 * the Maven profile {@code peers} only.
 *
 * <p>Every engine works in a process of its own ({@link org.segvol.bench.peers.Worker}), so that its peak memory is its own; the processes
 * take turns ({@link org.segvol.bench.peers.Peers}).
 */
package org.segvol.bench.peers;
