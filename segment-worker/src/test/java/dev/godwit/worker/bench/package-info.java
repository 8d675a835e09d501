/** Measures the worker against a plain one; run by {@code scripts/bench}, not by the tests. */
@NullMarked
package dev.godwit.worker.bench;

import org.jspecify.annotations.NullMarked;
