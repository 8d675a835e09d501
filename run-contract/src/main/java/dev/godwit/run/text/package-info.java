/** Stored text as people are shown it. */
@NullMarked
package dev.godwit.run.text;

import org.jspecify.annotations.NullMarked;
