package dev.godwit.cli.launch;

import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options of segments that are migrated before all others. */
public final class CanaryOptions {
  @Option(
      names = "--canary",
      paramLabel = "N[%]",
      converter = Shares.class,
      description =
          "Migrate N segments, or N percent of them, first; look whether the transform keeps what it has written there; and go on only if that is so, and no more went wrong than --canary-allow says. At least one segment, at most 1,000. Default: none, all segments at once.")
  private CanaryAsked.@Nullable Share share;

  @Option(
      names = "--canary-wait",
      description = "Behind the canary, wait until 'godwit resume RUN'. Default: go on by itself.")
  private boolean waits;

  @Option(
      names = "--canary-allow",
      paramLabel = "NAME=N",
      converter = {Names.class, Amounts.class},
      description =
          "What may happen in the canary; may be repeated. again: items to be changed again, conflicts, throttles: each for a hundred items; growth: bytes by which an item grows on average. Default: again=0, conflicts=5, throttles=10, growth=1024.")
  private Map<CanaryAsked.Allowance, Integer> allowed = new LinkedHashMap<>();

  static final class Shares implements ITypeConverter<CanaryAsked.Share> {
    @Override
    public CanaryAsked.Share convert(String text) {
      try {
        boolean isPercent = text.endsWith("%");
        var number = Double.parseDouble(isPercent ? text.substring(0, text.length() - 1) : text);
        if (isPercent ? number > 0 && number < 100 : number >= 1 && number == Math.rint(number)) {
          return new CanaryAsked.Share(number, isPercent);
        }
      } catch (NumberFormatException e) {
        // told below
      }
      throw new TypeConversionException(
          "give a number of segments, as in 2, or a percentage of them above 0 and below 100, as in"
              + " 1%, not '"
              + text
              + "'");
    }
  }

  static final class Names implements ITypeConverter<CanaryAsked.Allowance> {
    @Override
    public CanaryAsked.Allowance convert(String text) {
      for (CanaryAsked.Allowance known : CanaryAsked.Allowance.values()) {
        if (known.toString().equals(text)) {
          return known;
        }
      }
      throw new TypeConversionException(
          "give again, conflicts, throttles or growth with a number, as in conflicts=10, not '"
              + text
              + "'");
    }
  }

  static final class Amounts implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String text) {
      try {
        int amount = Integer.parseInt(text);
        if (amount >= 0) {
          return amount;
        }
      } catch (NumberFormatException e) {
        // told below
      }
      throw new TypeConversionException("give a whole number from 0 on, not '" + text + "'");
    }
  }

  /**
   * What was asked for; empty for no canary.
   *
   * @throws CommandFailed when something was said of a canary, and none was asked for
   */
  public Optional<CanaryAsked> asked() {
    if (share == null && (waits || !allowed.isEmpty())) {
      throw new CommandFailed(
          ExitCode.BAD_USAGE,
          "--canary-wait and --canary-allow go with --canary, as in --canary 1%; add it, or leave them out");
    }
    return Optional.ofNullable(share).map(some -> new CanaryAsked(some, waits, allowed));
  }
}
