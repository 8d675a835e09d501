/** Which code a migration is, as one number that can be compared. */
@NullMarked
package dev.godwit.run.code;

import org.jspecify.annotations.NullMarked;
