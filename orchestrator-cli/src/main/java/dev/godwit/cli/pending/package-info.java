/** How migrations stand on a table, and which of them are pending. */
@NullMarked
package dev.godwit.cli.pending;

import org.jspecify.annotations.NullMarked;
