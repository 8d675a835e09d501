/** A run over a table that others write to all the time. */
@NullMarked
package dev.godwit.worker.storm;

import org.jspecify.annotations.NullMarked;
