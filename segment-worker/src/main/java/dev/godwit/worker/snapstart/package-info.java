/** What is done before Lambda takes the snapshot that every environment is restored from. */
@NullMarked
package dev.godwit.worker.snapstart;

import org.jspecify.annotations.NullMarked;
