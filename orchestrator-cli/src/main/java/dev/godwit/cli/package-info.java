/** The godwit command. */
@NullMarked
package dev.godwit.cli;

import org.jspecify.annotations.NullMarked;
