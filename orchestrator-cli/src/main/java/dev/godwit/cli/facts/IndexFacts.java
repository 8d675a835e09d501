package dev.godwit.cli.facts;

import java.util.List;
import java.util.Optional;

/**
 * A secondary index.
 *
 * @param isGlobal whether it has a capacity of its own; a local one shares the table's
 * @param keys its key attributes, partition key first
 * @param projection which attributes its entries have beside the keys, its own and the table's
 * @param projected with {@link Projection#INCLUDE}, these
 * @param status as DynamoDB has it; empty of a local one
 * @param throughput of its own; empty of a local one
 */
public record IndexFacts(
    String name,
    boolean isGlobal,
    List<String> keys,
    Projection projection,
    List<String> projected,
    long items,
    long bytes,
    Optional<String> status,
    Optional<Throughput> throughput) {
  public IndexFacts {
    keys = List.copyOf(keys);
    projected = List.copyOf(projected);
  }

  /** What an index has of its table's items. */
  public enum Projection {
    ALL("all attributes"),
    KEYS_ONLY("keys only"),
    INCLUDE("keys and");

    private final String words;

    Projection(String words) {
      this.words = words;
    }

    @Override
    public String toString() {
      return words;
    }
  }
}
