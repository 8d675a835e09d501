/**
 * Carries requests of bytes to the services of AWS that speak JSON, signed, and their answers back.
 */
@NullMarked
package dev.godwit.worker.wire;

import org.jspecify.annotations.NullMarked;
