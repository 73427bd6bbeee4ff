/**
 * Training labels without a person: regions grown from the image alone (spec 5.5), their cleansing (spec 5.6), and the averaging resize that goes
 * with them (spec 3.7). Volumes are arrays whose third axis is the fastest; an {@link org.segvol.weights.Extent} has their sides in this order,
 * whatever the axes stand for.
 */
package org.segvol.pseudo;
