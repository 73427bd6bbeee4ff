package org.segvol.train;

import java.util.SortedMap;

/**
 * A window that is shown to the network in training.
 *
 * @param image (d,h,w) of the window, nominally 0..1
 * @param pseudo ids of regions for the pseudo-label branch (d,h,w), cleansed, -1 for none; null without any
 * @param window whether it shows a part of the volume, not all of it
 * @param about the label value of the structure that the view was made to show, or 0
 * @param targets of each structure of the case, by label value: 0..1 (d,h,w); empty ones are left out
 */
record View(float[] image, float[] pseudo, boolean window, int about, SortedMap<Integer, float[]> targets) {}
