package org.segvol.io;

import java.nio.ByteBuffer;
import org.segvol.image.Affine;
import org.segvol.image.Forms;
import org.segvol.image.Volume;

/** The transforms that a result states, so that every reader finds the affine of its source with the source's codes. */
final class WrittenForms {
    private static final int SCANNER = 1;
    /** Part of a voxel's size by which a quaternion may miss the affine that it stands for. */
    private static final double QUATERNION_TOLERANCE = 1e-5;

    /** How much longer than 1 a quaternion calculated from an affine can be. */
    private static final double NOISE = 1e-14;
    /** Part of a voxel's size that rounding to single precision may move an affine. */
    private static final double ROUNDING = 1e-6;

    private final int sformCode;
    private final Affine sform;
    private final int qformCode;
    private final Quaternion qform;
    private final double[] spacing;

    private WrittenForms(int sformCode, Affine sform, int qformCode, Quaternion qform, double[] spacing) {
        this.sformCode = sformCode;
        this.sform = sform;
        this.qformCode = qformCode;
        this.qform = qform;
        this.spacing = spacing;
    }

    /**
     * Chosen for a source: its sform with its code, its quaternion with its code. A source that states nothing gets codes 0 when
     * voxel sizes alone already say its affine, else a scanner transform. A quaternion that does not match the affine that it
     * should stand for (a caller's own Forms) is given up for an sform with its code.
     */
    static WrittenForms of(Volume like) {
        Forms forms = like.forms();
        Affine affine = forms.unit().ofMillimetres(like.affine());
        Affine qform = forms.qform() == null ? null : forms.unit().ofMillimetres(forms.qform());
        boolean sformCounts = forms.sformCode() > 0;
        Quaternion quaternion = forms.qformCode() > 0 && qform != null ? faithful(qform) : null;
        if (quaternion != null && !sformCounts && !qform.equals(affine)) {
            quaternion = null;
        }
        double[] spacing = quaternion == null ? affine.spacing() : quaternion.spacing();
        if (sformCounts) {
            return new WrittenForms(forms.sformCode(), affine, forms.qformCode(), quaternion, spacing);
        }
        if (quaternion != null) {
            return new WrittenForms(0, null, forms.qformCode(), quaternion, spacing);
        }
        if (forms.qformCode() == 0 && affine.equals(FallbackAffine.of(like.size(), spacing))) {
            return new WrittenForms(0, null, 0, null, spacing);
        }
        int code = forms.qformCode() > 0 ? forms.qformCode() : SCANNER;
        return new WrittenForms(code, affine, 0, null, spacing);
    }

    /** The quaternion of an affine, or null when no quaternion can say it. */
    private static Quaternion faithful(Affine affine) {
        Quaternion quaternion = Quaternion.of(affine);
        return close(affine, quaternion.toAffine(NOISE), QUATERNION_TOLERANCE) ? quaternion : null;
    }

    /** Whether NIfTI-1's single precision keeps the affine; a rotation by nearly half a turn can need more. */
    boolean fitSinglePrecision() {
        if (sform != null || qform == null) {
            return true;
        }
        Affine exact = qform.toAffine(NOISE);
        return close(exact, qform.rounded().toAffine(Quaternion.SINGLE_TOLERANCE), ROUNDING);
    }

    private static boolean close(Affine expected, Affine found, double tolerance) {
        double[] spacing = expected.spacing();
        for (int row = 0; row < 3; row++) {
            for (int column = 0; column < 3; column++) {
                if (Math.abs(found.get(row, column) - expected.get(row, column)) > tolerance * spacing[column]) {
                    return false;
                }
            }
        }
        return true;
    }

    void put(NiftiVersion version, ByteBuffer header) {
        version.putReal(header, version.pixdim, 0, qform == null ? 1 : qform.qfac());
        for (int n = 1; n <= 7; n++) {
            version.putReal(header, version.pixdim, n, n <= 3 ? spacing[n - 1] : 1);
        }
        version.putFormCode(header, version.sformCode, sformCode);
        if (sform != null) {
            for (int n = 0; n < 12; n++) {
                version.putReal(header, version.sformRows, n, sform.get(n / 4, n % 4));
            }
        }
        if (qform != null) {
            version.putFormCode(header, version.qformCode, qformCode);
            for (int n = 0; n < 3; n++) {
                version.putReal(header, version.quaternion, n, qform.bcd()[n]);
                version.putReal(header, version.qformOffset, n, qform.offset()[n]);
            }
        }
    }
}
