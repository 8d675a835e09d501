/** What a run is asked to do, and what it counts: the words that all rooms share. */
@NullMarked
package dev.godwit.run;

import org.jspecify.annotations.NullMarked;
