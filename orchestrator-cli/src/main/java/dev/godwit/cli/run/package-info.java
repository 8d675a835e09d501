/** A run: what is asked for, what carries it out, how it ended. */
@NullMarked
package dev.godwit.cli.run;

import org.jspecify.annotations.NullMarked;
