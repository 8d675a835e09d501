/** A database and a results location in memory, for tests that crash and repeat. */
@NullMarked
package dev.godwit.worker.memory;

import org.jspecify.annotations.NullMarked;
