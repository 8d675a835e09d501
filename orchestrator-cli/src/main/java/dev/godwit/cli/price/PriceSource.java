package dev.godwit.cli.price;

/** Where prices are had from. */
@FunctionalInterface
public interface PriceSource {
  /**
   * What is known of {@code region}; perhaps nothing.
   *
   * @throws dev.godwit.cli.console.CommandFailed when whoever knows them cannot be asked
   */
  Prices of(String region);
}
