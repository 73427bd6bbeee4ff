/** From words to token ids (spec 2.5). */
package org.segvol.text;
