/** How far a run is, shown live on a terminal or as plain lines. */
@NullMarked
package dev.godwit.cli.progress;

import org.jspecify.annotations.NullMarked;
