/** Finding users' migrations. */
@NullMarked
package dev.godwit.cli.migrations;

import org.jspecify.annotations.NullMarked;
