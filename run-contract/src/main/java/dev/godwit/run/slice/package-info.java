/** What one invocation of the worker is asked and answers, and its JSON. */
@NullMarked
package dev.godwit.run.slice;

import org.jspecify.annotations.NullMarked;
