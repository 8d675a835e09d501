/** Where the items of a slice come from. */
@NullMarked
package dev.godwit.worker.page;

import org.jspecify.annotations.NullMarked;
