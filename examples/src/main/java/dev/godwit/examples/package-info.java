/** Migrations to run and to copy. */
@NullMarked
package dev.godwit.examples;

import org.jspecify.annotations.NullMarked;
