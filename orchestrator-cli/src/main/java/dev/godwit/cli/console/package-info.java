/** What every command shares: where it writes and how it ends. */
@NullMarked
package dev.godwit.cli.console;

import org.jspecify.annotations.NullMarked;
