/** A team's environments, as {@code godwit.json} has them. */
@NullMarked
package dev.godwit.run.stage;

import org.jspecify.annotations.NullMarked;
