package dev.godwit.cli.launch;

import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.cli.price.LivePrices;
import dev.godwit.cli.price.PriceSource;
import dev.godwit.cli.price.PriceTable;
import dev.godwit.cli.sample.Sampler;
import dev.godwit.cli.table.DynamoDbConnection;
import dev.godwit.cli.table.ServiceCalls;
import java.time.Clock;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say how a plan is made. */
final class PlanOptions {
  private static final long DEFAULT_SAMPLE = 1_000;

  @Option(
      names = "--sample",
      paramLabel = "N",
      description =
          "Look at about so many items, from all over the table; at all if it holds no more. Default: "
              + DEFAULT_SAMPLE
              + ".")
  private long sample = DEFAULT_SAMPLE;

  @Option(
      names = "--items",
      paramLabel = "N",
      description =
          "How many items the table holds. Default: as DynamoDB has counted, which it does every six hours or so.")
  private @Nullable Long items;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "What the sample is drawn with; another draws another. Default: ${DEFAULT-VALUE}.")
  private long seed = 1;

  /** Which items to look at. */
  Sampler.Extent extent() {
    if (sample < 1) {
      throw new CommandFailed(ExitCode.BAD_USAGE, "--sample must be at least 1, not " + sample);
    }
    if (items != null && items < 1) {
      throw new CommandFailed(ExitCode.BAD_USAGE, "--items must be at least 1, not " + items);
    }
    return new Sampler.Extent(
        sample, items == null ? OptionalLong.empty() : OptionalLong.of(items), seed);
  }

  @Option(
      names = "--live-prices",
      description =
          "Ask AWS's Price List API what things cost, instead of going by the dated prices of this build. Needs pricing:GetProducts.")
  private boolean livePrices;

  /**
   * Does {@code work} with what things cost.
   *
   * @param connection whose credentials are used
   */
  <T> T withPrices(DynamoDbConnection connection, Function<PriceSource, T> work) {
    if (!livePrices) {
      return work.apply(PriceTable.ofThisBuild());
    }
    try (var calls = ServiceCalls.ofPriceList(connection, Optional.empty())) {
      return work.apply(new LivePrices(calls, Clock.systemUTC()));
    }
  }
}
