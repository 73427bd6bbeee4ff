/** What every module that reads or writes files shares. */
package org.segvol.files;
