/** Pages to look at in a browser: one file each, without a network. */
@NullMarked
package dev.godwit.cli.page;

import org.jspecify.annotations.NullMarked;
