package org.segvol.weights;

/**
 * A pickled reference to a storage, by key; the device tag is not kept.
 *
 * @param key names the storage inside of the container
 * @param type its class
 * @param elements elements of the whole storage
 * @param viewStart first element of the part that is meant; 0 but in very old files
 * @param viewElements elements of that part
 */
record StorageReference(String key, StorageType type, long elements, long viewStart, long viewElements) {}
