/** Migrations as real runs over a table of a test's own, in JUnit. */
@NullMarked
package dev.godwit.junit;

import org.jspecify.annotations.NullMarked;
