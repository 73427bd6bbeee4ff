package org.segvol.bench.peers;

import java.util.List;
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
 * One large square matrix product in oneDNN, what this machine's matrix units reach: as a primitive with the right factor packed as oneDNN likes
 * it best, or by its function for float32 matrices, which is the faster on some CPUs.
 * Nothing is freed before the process ends. The number of threads is OMP_NUM_THREADS.
 */
final class MatmulPeak implements Workload {
    private static final int SIZE = 4096;

    /** Floating-point operations of one run. */
    static final double FLOP = 2.0 * SIZE * SIZE * SIZE;

    private final String description;
    private final stream queue;
    private final Runnable product;

    private MatmulPeak(String description, stream queue, Runnable product) {
        this.description = "oneDNN " + description + ", " + SIZE + " x " + SIZE;
        this.queue = queue;
        this.product = product;
    }

    static MatmulPeak primitive(Precision precision) {
        Loader.load(dnnl.class);
        engine cpu = new engine(engine.kind.cpu, 0);
        stream queue = new stream(cpu);
        memory.data_type type = precision == Precision.BF16 ? memory.data_type.bf16 : memory.data_type.f32;
        memory.desc plain = form(type, memory.format_tag.ab);
        memory.desc free = form(type, memory.format_tag.any);
        matmul.primitive_desc desc = new matmul.primitive_desc(cpu, plain, free, plain, new primitive_attr(), false);
        matmul product = new matmul(desc);
        IntMemoryMap arguments = new IntMemoryMap();
        arguments.put(dnnl.DNNL_ARG_SRC, filled(cpu, queue, plain));
        arguments.put(dnnl.DNNL_ARG_WEIGHTS, filled(cpu, queue, desc.weights_desc()));
        arguments.put(dnnl.DNNL_ARG_DST, new memory(plain, cpu));
        String name = desc.impl_info_str().getString();
        return new MatmulPeak(name, queue, () -> product.execute(queue, arguments));
    }

    static MatmulPeak function() {
        Loader.load(dnnl.class);
        engine cpu = new engine(engine.kind.cpu, 0);
        stream queue = new stream(cpu);
        memory.desc plain = form(memory.data_type.f32, memory.format_tag.ab);
        List<memory> matrices = List.of(filled(cpu, queue, plain), filled(cpu, queue, plain), new memory(plain, cpu));
        return new MatmulPeak("dnnl_sgemm", queue, () -> {
            FloatPointer a = values(matrices.get(0)), b = values(matrices.get(1)), c = values(matrices.get(2));
            int status = dnnl.dnnl_sgemm((byte) 'N', (byte) 'N', SIZE, SIZE, SIZE, 1, a, SIZE, b, SIZE, 0, c, SIZE);
            if (status != dnnl.dnnl_success) {
                throw new IllegalStateException("oneDNN could not multiply: status " + status);
            }
        });
    }

    private static memory.desc form(memory.data_type type, memory.format_tag tag) {
        return new memory.desc(new long[] {SIZE, SIZE}, type, tag);
    }

    private static FloatPointer values(memory matrix) {
        return new FloatPointer(matrix.get_data_handle());
    }

    /** A matrix of small numbers: denormal or endless ones would take another time. */
    private static memory filled(engine cpu, stream queue, memory.desc form) {
        memory source = new memory(form(memory.data_type.f32, memory.format_tag.ab), cpu);
        FloatPointer values = values(source);
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
        product.run();
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
