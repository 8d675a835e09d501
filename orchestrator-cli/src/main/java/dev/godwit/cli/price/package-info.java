/** What AWS charges, region by region, and since when that is known. */
@NullMarked
package dev.godwit.cli.price;

import org.jspecify.annotations.NullMarked;
