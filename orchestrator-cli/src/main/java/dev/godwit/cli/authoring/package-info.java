/** Writing a migration and trying it, without a build file. */
@NullMarked
package dev.godwit.cli.authoring;

import org.jspecify.annotations.NullMarked;
