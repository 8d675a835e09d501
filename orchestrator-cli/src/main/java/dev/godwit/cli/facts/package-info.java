/** What AWS tells of a table before anything is done to it, and what it does not tell. */
@NullMarked
package dev.godwit.cli.facts;

import org.jspecify.annotations.NullMarked;
