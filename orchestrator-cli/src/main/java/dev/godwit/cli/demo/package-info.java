/** A table of one's own to try a migration on. */
@NullMarked
package dev.godwit.cli.demo;

import org.jspecify.annotations.NullMarked;
