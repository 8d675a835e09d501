/** Lambda, as far as tests of a function's jar need it. */
@NullMarked
package dev.godwit.lambdalocal;

import org.jspecify.annotations.NullMarked;
