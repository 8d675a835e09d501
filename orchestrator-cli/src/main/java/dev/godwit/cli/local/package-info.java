/** What is kept of runs on this machine beside their executions. */
@NullMarked
package dev.godwit.cli.local;

import org.jspecify.annotations.NullMarked;
