/**
 * Slices: reads the pages of a segment from a cursor on and has them written, until time runs
 * short.
 */
@NullMarked
package dev.godwit.worker.slice;

import org.jspecify.annotations.NullMarked;
