/** How fast a worker may go. */
@NullMarked
package dev.godwit.worker.pace;

import org.jspecify.annotations.NullMarked;
