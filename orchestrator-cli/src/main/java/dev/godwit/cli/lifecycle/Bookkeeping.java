package dev.godwit.cli.lifecycle;

import dev.godwit.cli.ledger.Ledger;

/** A ledger, and what closes the books of its runs. */
public record Bookkeeping(Ledger ledger, Settling settling) {}
