/** Prompts in network space, and how the published programs derive them from masks (spec 2). */
package org.segvol.prompt;
