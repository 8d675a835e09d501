/** Reads what runs leave: in a folder or in a bucket, laid out alike. */
@NullMarked
package dev.godwit.cli.results;

import org.jspecify.annotations.NullMarked;
