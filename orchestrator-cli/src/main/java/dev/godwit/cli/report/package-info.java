/** What is said about a run when it is over. */
@NullMarked
package dev.godwit.cli.report;

import org.jspecify.annotations.NullMarked;
