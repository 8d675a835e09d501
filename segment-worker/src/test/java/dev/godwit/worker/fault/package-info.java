/** Runs through a proxy that loses, breaks, delays and repeats what passes. */
@NullMarked
package dev.godwit.worker.fault;

import org.jspecify.annotations.NullMarked;
