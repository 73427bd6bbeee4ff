package org.segvol.bench.peers;

import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.matmul;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Loader;
import org.segvol.layers.EngineOptions.Precision;

/**
 * One large square matrix product in oneDNN, with the right factor packed as oneDNN likes it best: what this machine's matrix units reach.
 * Nothing is freed before the process ends. The number of threads is OMP_NUM_THREADS.
 */
final class MatmulPeak implements Workload {
    private static final int SIZE = 4096;

    /** Floating-point operations of one run. */
    static final double FLOP = 2.0 * SIZE * SIZE * SIZE;

    private final String description;
    private final stream queue;
    private final matmul product;
    private final IntMemoryMap arguments = new IntMemoryMap();

    MatmulPeak(Precision precision) {
        Loader.load(dnnl.class);
        engine cpu = new engine(engine.kind.cpu, 0);
        this.queue = new stream(cpu);
        memory.data_type type = precision == Precision.BF16 ? memory.data_type.bf16 : memory.data_type.f32;
        memory.desc plain = form(type, memory.format_tag.ab);
        memory.desc free = form(type, memory.format_tag.any);
        matmul.primitive_desc desc = new matmul.primitive_desc(cpu, plain, free, plain, new primitive_attr(), false);
        this.product = new matmul(desc);
        this.description = "oneDNN " + desc.impl_info_str().getString() + ", " + SIZE + " x " + SIZE;
        arguments.put(dnnl.DNNL_ARG_SRC, filled(cpu, plain));
        arguments.put(dnnl.DNNL_ARG_WEIGHTS, filled(cpu, desc.weights_desc()));
        arguments.put(dnnl.DNNL_ARG_DST, new memory(plain, cpu));
    }

    private static memory.desc form(memory.data_type type, memory.format_tag tag) {
        return new memory.desc(new long[] {SIZE, SIZE}, type, tag);
    }

    /** A matrix of small numbers: denormal or endless ones would take another time. */
    private memory filled(engine cpu, memory.desc form) {
        memory source = new memory(form(memory.data_type.f32, memory.format_tag.ab), cpu);
        FloatPointer values = new FloatPointer(source.get_data_handle());
        for (long i = 0; i < (long) SIZE * SIZE; i++) {
            values.put(i, (i * 7919 % 2003 - 1001) / 1001f);
        }
        memory target = new memory(form, cpu);
        new reorder(source, target).execute(queue, source, target);
        queue._wait();
        return target;
    }

    @Override
    public String description() {
        return description;
    }

    @Override
    public void run() {
        product.execute(queue, arguments);
        queue._wait();
    }

    @Override
    public float[] output() {
        throw new UnsupportedOperationException("a matrix product encodes no image");
    }

    @Override
    public void close() {
        queue._wait();
    }
}
