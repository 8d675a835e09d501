/** A run before it begins: what it would do, cost and take, and whether it may begin. */
@NullMarked
package dev.godwit.cli.plan;

import org.jspecify.annotations.NullMarked;
