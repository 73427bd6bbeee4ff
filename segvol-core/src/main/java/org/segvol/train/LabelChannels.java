package org.segvol.train;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.segvol.data.DataSetException;
import org.segvol.image.GridSize;
import org.segvol.image.Mask;
import org.segvol.image.VoxelType;
import org.segvol.image.Voxels;

/**
 * Label channels that may overlap, as one volume of label values: channel c alone has value c + 1, and each set of channels that have voxels in
 * common a further value.
 *
 * @param values in the channels' grid, 0 for background
 * @param owners for each value, those of the channels that a voxel with it belongs to
 */
record LabelChannels(Voxels values, SortedMap<Integer, int[]> owners) {
    private static final int LARGEST = 0xFFFF;

    /**
     * The channels together.
     *
     * @param size of the image that they belong to
     * @param file that they were read from
     * @throws DataSetException when a mask has another size, or there are more different sets of channels than label values
     */
    static LabelChannels of(List<Mask> masks, GridSize size, Path file) throws DataSetException {
        short[] values = new short[size.count()];
        List<int[]> owners = new ArrayList<>();
        owners.add(new int[0]);
        for (int channel = 1; channel <= masks.size(); channel++) {
            owners.add(new int[] {channel});
        }
        for (int channel = 1; channel <= masks.size(); channel++) {
            Map<Integer, Integer> joined = new HashMap<>(); // value without this channel, value with it
            joined.put(0, channel);
            Mask mask = masks.get(channel - 1);
            if (!mask.size().equals(size)) {
                throw new DataSetException(file, "expected the image's " + size + " voxels, found " + mask.size());
            }
            for (int at = mask.nextSet(0); at >= 0; at = mask.nextSet(at + 1)) {
                int before = values[at] & 0xffff;
                Integer with = joined.get(before);
                if (with == null) {
                    with = owners.size();
                    owners.add(with(owners.get(before), channel));
                    joined.put(before, with);
                }
                values[at] = with.shortValue();
            }
            if (owners.size() > LARGEST + 1) {
                throw new DataSetException(
                        file,
                        "expected at most " + LARGEST
                                + " different sets of overlapping label channels, found more; leave some channels out");
            }
        }
        SortedMap<Integer, int[]> byValue = new TreeMap<>();
        for (int value = 1; value < owners.size(); value++) {
            byValue.put(value, owners.get(value));
        }
        return new LabelChannels(Voxels.of(values, VoxelType.UINT16, 1, 0), byValue);
    }

    private static int[] with(int[] channels, int channel) {
        int[] all = Arrays.copyOf(channels, channels.length + 1);
        all[channels.length] = channel;
        return all;
    }
}
