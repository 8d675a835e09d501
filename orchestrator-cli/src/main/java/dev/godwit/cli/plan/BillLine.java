package dev.godwit.cli.plan;

import dev.godwit.cli.price.Price;
import dev.godwit.cli.price.Prices;
import dev.godwit.cli.sample.Interval;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;
import java.util.Optional;

/**
 * One thing that a run is charged for.
 *
 * @param what it is, for people
 * @param amount how much of it
 * @param unit of that, for people, as in "write request units"
 * @param each what one costs, in US dollars; empty when that is not known
 * @param dollars what all cost; empty when that is not known
 * @param arithmetic from the amount to the dollars, for people
 */
public record BillLine(
    String what,
    Interval amount,
    String unit,
    Optional<BigDecimal> each,
    Optional<Interval> dollars,
    String arithmetic) {
  private static final double MILLION = 1e6;

  private static final double LARGE = 100;

  /** Cheaper than this one, it is told of a million. */
  private static final double CHEAP = 0.0001;

  /** {@code amount} of what {@code price} is the price of. */
  static BillLine of(String what, Interval amount, String unit, Price price, Prices prices) {
    return of(what, amount, unit, price, prices, "");
  }

  /**
   * The same.
   *
   * @param how the amount came about, for people; empty when it speaks for itself
   */
  static BillLine of(
      String what, Interval amount, String unit, Price price, Prices prices, String how) {
    var each = prices.of(price);
    var dollars = each.map(one -> amount.times(one.doubleValue()));
    return new BillLine(what, amount, unit, each, dollars, arithmetic(amount, price, prices, how));
  }

  private static String arithmetic(Interval amount, Price price, Prices prices, String how) {
    var each = prices.of(price);
    var begin = how.isEmpty() ? "" : how + "; ";
    if (each.isEmpty()) {
      return begin + "what " + price.each() + " costs in " + prices.region() + " is not known";
    }
    return begin
        + number(amount.estimate())
        + " × $"
        + (each.get().doubleValue() < CHEAP
            ? plain(each.get().multiply(BigDecimal.valueOf(MILLION))) + " a million"
            : plain(each.get()));
  }

  private static String plain(BigDecimal dollars) {
    return dollars.round(MathContext.DECIMAL32).stripTrailingZeros().toPlainString();
  }

  /** Whole where it is large, and else three digits of it. */
  static String number(double amount) {
    return amount == Math.rint(amount) || Math.abs(amount) >= LARGE
        ? String.format(Locale.ROOT, "%,.0f", amount)
        : plain(new BigDecimal(amount).round(new MathContext(3)));
  }
}
