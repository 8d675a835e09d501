/** Items that are made, not read. */
@NullMarked
package dev.godwit.worker.generate;

import org.jspecify.annotations.NullMarked;
