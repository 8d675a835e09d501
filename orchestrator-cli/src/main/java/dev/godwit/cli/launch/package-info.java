/**
 * Starting a run, and following it while this process lives: options, questions, Ctrl-C, ending.
 */
@NullMarked
package dev.godwit.cli.launch;

import org.jspecify.annotations.NullMarked;
