/** Commands about runs that have been started. */
@NullMarked
package dev.godwit.cli.runs;

import org.jspecify.annotations.NullMarked;
