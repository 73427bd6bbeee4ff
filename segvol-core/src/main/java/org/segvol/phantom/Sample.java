package org.segvol.phantom;

/** A place in the patient while it is painted: mm right, anterior and superior of the reference point, and where that is in the torso. Belongs to one thread. */
final class Sample {
    double x;
    double y;
    double z;
    /** Half the width of the soft edge of everything, mm. */
    double soft;
    /** Signed distances to the torso's surfaces, mm, negative inside: skin, outer face of the muscles, abdominal and thoracic cavity. */
    double skin;

    double muscle;
    double cavity;
    /** How far above the diaphragm, mm; negative below. */
    double dome;
    /** Thickness of the wall of muscle here, mm. */
    double wall;
    /** How anterior the direction from the body's axis is, -1 to 1. */
    double front;
    /** Unevenness of tissues, -1 to 1: fine (about 5 mm) and coarse (about 40 mm). */
    double grain;

    double drift;

    /** How much of a voxel lies behind a surface at a signed distance, 0 to 1. */
    double cover(double distance) {
        return distance <= -soft ? 1 : distance >= soft ? 0 : (soft - distance) / (2 * soft);
    }
}
