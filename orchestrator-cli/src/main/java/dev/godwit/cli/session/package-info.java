/** A run as its user lives it: asked for, watched, stopped, told. */
@NullMarked
package dev.godwit.cli.session;

import org.jspecify.annotations.NullMarked;
