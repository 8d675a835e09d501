/** Making tables that runs fill. */
@NullMarked
package dev.godwit.cli.newtable;

import org.jspecify.annotations.NullMarked;
