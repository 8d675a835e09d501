/** A user's migrations, as they come in a layer. */
@NullMarked
package dev.godwit.worker.lambda.layer;

import org.jspecify.annotations.NullMarked;
