/** The definitions of a run's state machines and the engine that runs them on one machine. */
@NullMarked
package dev.godwit.asl;

import org.jspecify.annotations.NullMarked;
