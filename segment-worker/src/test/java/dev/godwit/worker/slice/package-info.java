/** Whole slices over tables in DynamoDB Local. */
@NullMarked
package dev.godwit.worker.slice;

import org.jspecify.annotations.NullMarked;
