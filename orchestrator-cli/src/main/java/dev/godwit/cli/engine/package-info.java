/** The embedded engine, and what its tasks call. */
@NullMarked
package dev.godwit.cli.engine;

import org.jspecify.annotations.NullMarked;
