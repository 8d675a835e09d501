/** Items that are kept in files as they are. */
@NullMarked
package dev.godwit.worker.export;

import org.jspecify.annotations.NullMarked;
