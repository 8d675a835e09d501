/** For tests of migrations: a transform tester and an in-memory table. */
@NullMarked
package dev.godwit.testkit;

import org.jspecify.annotations.NullMarked;
