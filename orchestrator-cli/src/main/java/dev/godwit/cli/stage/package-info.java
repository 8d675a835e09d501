/** A team's environments, as commands take them. */
@NullMarked
package dev.godwit.cli.stage;

import org.jspecify.annotations.NullMarked;
