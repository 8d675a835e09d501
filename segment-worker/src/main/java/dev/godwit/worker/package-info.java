/** The Lambda function that migrates one segment of a table, slice by slice. */
@NullMarked
package dev.godwit.worker;

import org.jspecify.annotations.NullMarked;
