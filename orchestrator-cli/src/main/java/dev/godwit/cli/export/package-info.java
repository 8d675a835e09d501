/** Writes the items of tables to files. */
@NullMarked
package dev.godwit.cli.export;

import org.jspecify.annotations.NullMarked;
