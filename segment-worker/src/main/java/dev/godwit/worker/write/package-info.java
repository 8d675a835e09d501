/** From a transform's change to guarded writes. */
@NullMarked
package dev.godwit.worker.write;

import org.jspecify.annotations.NullMarked;
