/** The model that comes with the library, trained on phantoms, and a demonstration of what prompts do with it. */
package org.segvol.demo;
