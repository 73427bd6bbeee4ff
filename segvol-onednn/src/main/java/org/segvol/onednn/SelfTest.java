package org.segvol.onednn;

import org.bytedeco.dnnl.global.dnnl;

/** A small matrix product whose result is known. */
final class SelfTest {
    private static final int M = 5;
    private static final int K = 7;
    private static final int N = 3;

    private SelfTest() {}

    /** Whether oneDNN computes what plain Java does. All values are small integers, so the results are exact. */
    static boolean passes() {
        float[] a = new float[M * K], b = new float[K * N], c = new float[M * N];
        for (int i = 0; i < a.length; i++) {
            a[i] = i % 11 - 5;
        }
        for (int i = 0; i < b.length; i++) {
            b[i] = i % 13 - 6;
        }
        byte plain = 'N';
        int status = dnnl.dnnl_sgemm(plain, plain, M, N, K, 1, a, K, b, N, 0, c, N);
        if (status != 0) {
            return false;
        }
        for (int i = 0; i < c.length; i++) {
            float expected = 0;
            for (int k = 0; k < K; k++) {
                expected += a[i / N * K + k] * b[k * N + i % N];
            }
            if (c[i] != expected) {
                return false;
            }
        }
        return true;
    }
}
