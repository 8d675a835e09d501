/** What a worker leaves in the results location: failures, deferred actions, samples. */
@NullMarked
package dev.godwit.worker.record;

import org.jspecify.annotations.NullMarked;
