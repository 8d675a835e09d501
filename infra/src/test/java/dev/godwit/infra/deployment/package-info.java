@NullMarked
package dev.godwit.infra.deployment;

import org.jspecify.annotations.NullMarked;
