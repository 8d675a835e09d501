/** What a user's migration compiles against: values only, no clients. */
@NullMarked
package dev.godwit.migration;

import org.jspecify.annotations.NullMarked;
