/**
 * The worker as Lambda runs it: its real jar, the real runtime client, a Runtime API of the test's
 * own.
 */
@NullMarked
package dev.godwit.worker.lambda;

import org.jspecify.annotations.NullMarked;
