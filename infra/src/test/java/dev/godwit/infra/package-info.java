@NullMarked
package dev.godwit.infra;

import org.jspecify.annotations.NullMarked;
