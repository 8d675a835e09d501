/** What {@code java -jar godwit.jar} begins with: it puts the jars in the jar on the class path. */
@NullMarked
package dev.godwit.launcher;

import org.jspecify.annotations.NullMarked;
