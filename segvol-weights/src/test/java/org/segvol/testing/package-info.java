/** What the tests of all modules share: golden folders, synthetic weights, tensor comparison. */
package org.segvol.testing;
