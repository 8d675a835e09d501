/** The names of the ledger: the keys of its items and their attributes. */
@NullMarked
package dev.godwit.run.ledger;

import org.jspecify.annotations.NullMarked;
