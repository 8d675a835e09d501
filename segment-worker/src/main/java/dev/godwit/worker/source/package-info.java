/** Items from files, and what is decided about items that come from elsewhere than the table. */
@NullMarked
package dev.godwit.worker.source;

import org.jspecify.annotations.NullMarked;
