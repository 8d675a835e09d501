/** A run's life, told once for all places: begun, stopped, redriven, settled, released. */
@NullMarked
package dev.godwit.cli.lifecycle;

import org.jspecify.annotations.NullMarked;
