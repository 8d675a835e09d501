package dev.godwit.cli.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.cli.page.Part;
import dev.godwit.cli.page.Part.Cell;
import dev.godwit.cli.run.RunEnding;
import dev.godwit.cli.run.RunStatus;
import dev.godwit.run.Counter;
import dev.godwit.run.RunRequest;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.StreamSupport;

/** What a plan has said of a run, as {@code godwit plan --output json} prints it. */
public final class Forecast {
  private static final ObjectMapper JSON = JsonMapper.builder().build();
  private static final double MILLIS = 1_000;

  /** What the bills call what a request's unit is of, as far as a run counts it itself. */
  private static final String READ_UNITS = "read request units";

  private static final String WRITE_UNITS = "write request units";

  private final JsonNode plan;

  private Forecast(JsonNode plan) {
    this.plan = plan;
  }

  /**
   * Reads a plan.
   *
   * @param from where it is, for people
   * @throws CommandFailed when it is none
   */
  public static Forecast read(byte[] json, String from) {
    try {
      var plan = JSON.readTree(json);
      if (plan != null
          && plan.path("tableName").isTextual()
          && plan.path("work").path("items").isObject()
          && plan.path("bills").path(0).path("lines").isArray()) {
        return new Forecast(plan);
      }
    } catch (IOException e) {
      throw none(from);
    }
    throw none(from);
  }

  private static CommandFailed none(String from) {
    return new CommandFailed(
        ExitCode.BAD_USAGE,
        from
            + " is no plan: give what 'godwit plan --output json' has printed. Nothing was written");
  }

  /**
   * The same.
   *
   * @throws CommandFailed when it is of another table, migration or direction than {@code request}
   */
  public Forecast of(RunRequest request, String from) {
    if (!plan.path("tableName").asText().equals(request.tableName())
        || !plan.path("migration").asText().equals(request.migration())
        || !plan.path("direction").asText().equals(request.direction().toString())) {
      throw new CommandFailed(
          ExitCode.BAD_USAGE,
          String.format(
              Locale.ROOT,
              "%s is the plan of %s (%s) over %s, not of this run: %s (%s) over %s. Nothing was written",
              from,
              plan.path("migration").asText(),
              plan.path("direction").asText(),
              plan.path("tableName").asText(),
              request.migration(),
              request.direction(),
              request.tableName()));
    }
    return this;
  }

  /** What was forecast beside what came. */
  List<Part> parts(RunRequest request, RunEnding ending) {
    var tally = ending.tally();
    var rows = new ArrayList<List<Cell>>();
    var items = plan.path("work").path("items");
    rows.add(row("items read", items(items), tally.amount(Counter.SCANNED), Figures::amount));
    rows.add(
        row(
            "items written",
            range(items, "changed", "moved", "deleted"),
            tally.amount(Counter.UPDATED) + tally.amount(Counter.DELETED),
            Figures::amount));
    rows.add(
        row(
            "items failed",
            range(items, "failed", "refused"),
            tally.amount(Counter.FAILED),
            Figures::amount));
    rows.add(
        row(
            "read units",
            range(plan.path("work"), "readUnits"),
            tally.amount(Counter.READ_UNITS),
            Figures::amount));
    rows.add(row("write units", writeUnits(), tally.amount(Counter.WRITE_UNITS), Figures::amount));
    cost(READ_UNITS)
        .ifPresent(
            each ->
                rows.add(
                    row(
                        "their reads cost",
                        range(plan.path("work"), "readUnits").times(each),
                        tally.amount(Counter.READ_UNITS) * each,
                        Forecast::dollars)));
    cost(WRITE_UNITS)
        .ifPresent(
            each ->
                rows.add(
                    row(
                        "their writes cost",
                        writeUnits().times(each),
                        tally.amount(Counter.WRITE_UNITS) * each,
                        Forecast::dollars)));
    var seconds = plan.path("bills").path(0).path("seconds").asDouble();
    rows.add(
        row(
            "time",
            new Range(seconds, seconds, seconds),
            ending.duration().toMillis() / MILLIS,
            Figures::time));
    var parts = new ArrayList<Part>();
    parts.add(
        new Part.Text(
            "The plan is of "
                + plan.path("at").asText()
                + ", "
                + plan.path("bills").path(0).path("name").asText()
                + (ending.status() == RunStatus.SUCCEEDED
                    ? "."
                    : "; the run has not done all of what was planned.")));
    parts.add(
        new Part.Rows(
            "Forecast and what came",
            List.of("", "forecast", "bounds", "came", "difference"),
            rows,
            false));
    parts.add(
        new Part.Text(
            "What came is what the run has counted, times the plan's prices; "
                + "whatever else the plan's bill names"
                + elsewhere()
                + " is charged by AWS and not measured by a run."));
    return parts;
  }

  private String elsewhere() {
    var names =
        StreamSupport.stream(plan.path("bills").path(0).path("lines").spliterator(), false)
            .filter(line -> !line.path("unit").asText().contains("request units"))
            .map(line -> line.path("what").asText())
            .toList();
    return names.isEmpty() ? "" : " (" + String.join(", ", names) + ")";
  }

  private Range writeUnits() {
    return range(plan.path("work"), "writeUnitsWithIndexes", "actionUnits");
  }

  private Range items(JsonNode items) {
    return range(items, "changed", "moved", "deleted", "kept", "failed", "refused");
  }

  private static Range range(JsonNode of, String... names) {
    var sum = new Range(0, 0, 0);
    for (String name : names) {
      sum = sum.plus(Range.of(of.path(name)));
    }
    return sum;
  }

  /** What one unit costs, where the table is paid by these and the price is known. */
  private Optional<Double> cost(String unit) {
    if (isReplicated()) {
      return Optional.empty(); // every replica pays for its own
    }
    for (JsonNode line : plan.path("bills").path(0).path("lines")) {
      if (line.path("unit").asText().equals(unit) && line.path("dollarsEach").isNumber()) {
        return Optional.of(line.get("dollarsEach").doubleValue());
      }
    }
    return Optional.empty();
  }

  private boolean isReplicated() {
    return !plan.path("table").path("replicas").isEmpty();
  }

  private static List<Cell> row(String name, Range forecast, double came, Told told) {
    var off = forecast.off(came);
    return List.of(
        Cell.text(name),
        Cell.number(told.told(forecast.estimate)),
        Cell.number(
            forecast.isExact()
                ? "exact"
                : told.told(forecast.low) + " to " + told.told(forecast.high)),
        Cell.number(told.told(came)),
        Cell.number(
            off.isPresent()
                ? String.format(Locale.ROOT, "%+.1f %%", off.getAsDouble())
                : "none forecast"));
  }

  private static String dollars(double dollars) {
    return dollars == 0
        ? "$0"
        : dollars < 0.01
            ? "$" + new BigDecimal(dollars).round(new MathContext(2)).toPlainString()
            : String.format(Locale.ROOT, "$%,.2f", dollars);
  }

  /** A number for people. */
  private interface Told {
    String told(double number);
  }

  private record Range(double low, double estimate, double high) {
    static Range of(JsonNode interval) {
      return new Range(
          interval.path("low").asDouble(),
          interval.path("estimate").asDouble(),
          interval.path("high").asDouble());
    }

    Range plus(Range other) {
      return new Range(low + other.low, estimate + other.estimate, high + other.high);
    }

    Range times(double factor) {
      return new Range(low * factor, estimate * factor, high * factor);
    }

    boolean isExact() {
      return low == high;
    }

    OptionalDouble off(double came) {
      return estimate == 0
          ? came == 0 ? OptionalDouble.of(0) : OptionalDouble.empty()
          : OptionalDouble.of(100 * (came - estimate) / estimate);
    }
  }
}
