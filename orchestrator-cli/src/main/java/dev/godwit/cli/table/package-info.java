/** Reaching the table that a run is about. */
@NullMarked
package dev.godwit.cli.table;

import org.jspecify.annotations.NullMarked;
