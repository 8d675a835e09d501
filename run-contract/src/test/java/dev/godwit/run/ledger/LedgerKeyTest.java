package dev.godwit.run.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LedgerKeyTest {
  /** Ledgers hold these, and so do the state machines: they may never change. */
  @Test
  void keys_ofAllItems_areAsTheDefinitionsWriteThem() {
    assertThat(LedgerKey.run("r")).isEqualTo(new LedgerKey("RUN#r", "RUN"));
    assertThat(LedgerKey.lease("Cities")).isEqualTo(new LedgerKey("TABLE#Cities", "LEASE"));
    assertThat(LedgerKey.migration("Cities", "m"))
        .isEqualTo(new LedgerKey("TABLE#Cities", "MIGRATION#m"));
    assertThat(LedgerKey.deployment("Cities"))
        .isEqualTo(new LedgerKey("TABLE#Cities", "DEPLOYMENT"));
  }
}
