/** The folder of this machine's runs: what is kept there beside their executions. */
@NullMarked
package dev.godwit.cli.folder;

import org.jspecify.annotations.NullMarked;
