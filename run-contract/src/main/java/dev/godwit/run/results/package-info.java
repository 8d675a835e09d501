/** Where a run leaves its files. */
@NullMarked
package dev.godwit.run.results;

import org.jspecify.annotations.NullMarked;
