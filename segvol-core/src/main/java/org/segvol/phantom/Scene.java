package org.segvol.phantom;

import java.util.ArrayList;
import java.util.List;

/** A patient ready to be painted: the torso, and everything in it from the bottom to the top. Read by many threads once it is complete. */
final class Scene {
    private static final double WARP = 9;

    private final Chance chance;
    private final Enhancement enhancement;
    private final Torso torso;
    private final Warp warp;
    private final List<Part> parts = new ArrayList<>();

    private Scene(long seed) {
        chance = new Chance(Chance.mix(seed)).branch("patient");
        enhancement = new Enhancement(chance.branch("enhancement"));
        torso = new Torso(chance.branch("torso"), enhancement.muscle());
        warp = new Warp(chance.branch("warp"), WARP);
    }

    /** The patient of a seed. */
    static Scene of(long seed) {
        Scene scene = new Scene(seed);
        Chest.add(scene);
        Gut.add(scene);
        UpperAbdomen.add(scene);
        Kidneys.add(scene);
        Pelvis.add(scene);
        Muscles.add(scene);
        Skeleton.add(scene);
        Vessels.add(scene);
        Lesions.add(scene, scene.chance("lesions"));
        return scene;
    }

    void add(Part part) {
        parts.add(part);
    }

    /** Draws for one organ. */
    Chance chance(String organ) {
        return chance.branch(organ);
    }

    Enhancement enhancement() {
        return enhancement;
    }

    Torso torso() {
        return torso;
    }

    Warp warp() {
        return warp;
    }

    List<Part> parts() {
        return parts;
    }
}
