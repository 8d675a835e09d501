/** Which code a migration is, and whether it is the one that a run began with. */
@NullMarked
package dev.godwit.worker.code;

import org.jspecify.annotations.NullMarked;
