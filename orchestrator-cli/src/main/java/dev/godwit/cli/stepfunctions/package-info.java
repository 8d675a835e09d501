/** Runs on AWS Step Functions. */
@NullMarked
package dev.godwit.cli.stepfunctions;

import org.jspecify.annotations.NullMarked;
