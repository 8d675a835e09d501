/** A transform tried on a few stored items, before any run. */
@NullMarked
package dev.godwit.cli.transform;

import org.jspecify.annotations.NullMarked;
