/** What every module that writes files shares. */
package org.segvol.files;
