/** What a run would do to a whole table, told by some of its items. */
@NullMarked
package dev.godwit.cli.sample;

import org.jspecify.annotations.NullMarked;
