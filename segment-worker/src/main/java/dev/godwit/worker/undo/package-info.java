/** Takes back what a run has written, by its before-images. */
@NullMarked
package dev.godwit.worker.undo;

import org.jspecify.annotations.NullMarked;
