/** Compiles a folder of migrations, once for each state of it. */
@NullMarked
package dev.godwit.compiler;

import org.jspecify.annotations.NullMarked;
