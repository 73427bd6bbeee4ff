/** From a stored volume to what the network sees, and the way back (spec 3). */
package org.segvol.preprocess;
