/** Commands that operate on runs that have been started, wherever they are. */
@NullMarked
package dev.godwit.cli.operate;

import org.jspecify.annotations.NullMarked;
