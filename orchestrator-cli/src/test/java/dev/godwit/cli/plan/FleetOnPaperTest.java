package dev.godwit.cli.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.cli.price.PriceTable;
import dev.godwit.cli.price.Prices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of docs/speed.md on runs of many sizes is what a plan of them says. */
class FleetOnPaperTest {
  private static final Path PAGE = Path.of("../docs/speed.md");

  /** Developer guide, "Quotas in Amazon DynamoDB", of a table by default; read 2026-11-20. */
  private static final int QUOTA = 40_000;

  /** Of a partition, about: AWS does not promise it, those who explain DynamoDB say so. */
  private static final double PARTITION_BYTES = 10e9;

  /** Developer guide, "Understanding DynamoDB warm throughput …"; read 2026-11-26. */
  private static final double PARTITION_UNITS = 1_000;

  private static final int ITEM_BYTES = 1_000;

  @Test
  void page_runsOfManySizes_areAsPlanned() throws IOException {
    var rows =
        Stream.of(
                row("1 M", 1_000_000, 100, 4_000),
                row("100 M", 100_000_000, 4_000, QUOTA),
                row("1 B", 1_000_000_000, 10_000, QUOTA),
                row("100 B", 100_000_000_000L, 1_000_000, QUOTA),
                row("100 B, quota raised", 100_000_000_000L, 1_000_000, 10 * QUOTA))
            .toList();

    assertThat(Files.readString(PAGE)).contains(String.join("\n", rows));
  }

  private static String row(String name, long items, int segments, int unitsPerSecond) {
    int workers =
        SegmentsAtOnce.of(
                OptionalInt.empty(), OptionalInt.of(unitsPerSecond), SegmentsAtOnce.MOST_ON_AWS)
            .number();
    var planned = new Planned();
    planned.items = items;
    planned.bytes = items * ITEM_BYTES;
    planned.writeUnits = items;
    planned.segments = segments;
    planned.atOnce = workers;
    planned.carrier = Carrier.onAws();
    planned.throughput = Planned.warm(3L * unitsPerSecond, unitsPerSecond);
    Prices prices = PriceTable.ofThisBuild().of("us-east-1");
    var bill =
        new Bills(
                planned.table(),
                planned.sample(),
                planned.needs(),
                planned.request(),
                planned.carrier,
                prices,
                region -> prices)
            .all()
            .get(0);
    double partitions = Math.max(planned.bytes / PARTITION_BYTES, unitsPerSecond / PARTITION_UNITS);
    return String.format(
        Locale.ROOT,
        "| %s | %,.0f M | %,.0f | %,d | %,d | %s | %s | %s | $%,.0f | $%,.0f |",
        name,
        items / 1e6,
        partitions,
        segments,
        workers,
        told(Duration.ofSeconds(segments / 100)),
        told(bill.pace().binding().duration()),
        bill.pace().binding().name(),
        dollars(bill, "reads") + dollars(bill, "writes"),
        bill.dollars().estimate() - dollars(bill, "reads") - dollars(bill, "writes"));
  }

  private static double dollars(Bill bill, String line) {
    return Planned.line(bill, line).dollars().orElseThrow().estimate();
  }

  private static String told(Duration time) {
    if (time.toHours() >= 48) {
      return String.format(Locale.ROOT, "%.1f days", time.toMinutes() / 1440.0);
    }
    return time.toMinutes() >= 120
        ? String.format(Locale.ROOT, "%.1f h", time.toMinutes() / 60.0)
        : time.toSeconds() >= 120
            ? String.format(Locale.ROOT, "%d min", Math.round(time.toSeconds() / 60.0))
            : time.toSeconds() + " s";
  }
}
