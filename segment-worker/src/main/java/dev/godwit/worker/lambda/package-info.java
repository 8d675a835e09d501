/**
 * The Lambda function: its handler, its settings, and what is made ready before a snapshot is
 * taken.
 */
@NullMarked
package dev.godwit.worker.lambda;

import org.jspecify.annotations.NullMarked;
