/**
 * The worker that migrates one segment of a table, slice by slice. Here is what its callers see:
 * the errors, which Step Functions knows by these very names, and who is told of pages.
 */
@NullMarked
package dev.godwit.worker;

import org.jspecify.annotations.NullMarked;
