/** Labelled data: CT volumes with label volumes and a name for each label value, for fine-tuning and evaluation. */
package org.segvol.data;
