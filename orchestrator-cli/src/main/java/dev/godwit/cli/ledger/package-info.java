/** The table of runs, leases and applied migrations. */
@NullMarked
package dev.godwit.cli.ledger;

import org.jspecify.annotations.NullMarked;
