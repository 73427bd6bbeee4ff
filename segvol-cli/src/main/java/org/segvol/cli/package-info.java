/** The segvol command: results on stdout, progress and errors on stderr, exit codes 0 (done), 1 (failed) and 2 (wrong usage). */
package org.segvol.cli;
