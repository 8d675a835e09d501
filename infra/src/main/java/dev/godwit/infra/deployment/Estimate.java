package dev.godwit.infra.deployment;

import java.time.Duration;
import java.util.OptionalInt;

/** How long a run over a table will take, roughly: as long as its units last at its pace. */
final class Estimate {
  /**
   * Half a unit for each 4 KB, eventually consistent: DynamoDB developer guide; read 2026-11-20.
   */
  private static final double READ_UNITS_PER_BYTE = 0.5 / 4096;

  private static final double WRITE_UNIT_BYTES = 1024;

  /**
   * A new on-demand table is warm for so much: DynamoDB developer guide, "DynamoDB warm
   * throughput"; read 2026-11-20.
   */
  private static final double ON_DEMAND_READ_UNITS = 12_000;

  private static final double ON_DEMAND_WRITE_UNITS = 4_000;

  /** Opening, the ramp of workers and settling. */
  private static final Duration AROUND_IT = Duration.ofMinutes(1);

  private Estimate() {}

  /** One run. */
  static Duration of(DeployedStack.TableSize size, DeploymentRequest request) {
    double reads = size.bytes() * READ_UNITS_PER_BYTE;
    double itemUnits =
        size.items() == 0
            ? 0
            : Math.max(1, Math.ceil((double) size.bytes() / size.items() / WRITE_UNIT_BYTES));
    double writes = size.items() * itemUnits * request.itemsWrittenPercent() / 100;
    double readPace =
        pace(
            request.run().readUnitsPerSecond(),
            size.readUnitsPerSecond().orElse(ON_DEMAND_READ_UNITS));
    double writePace =
        pace(
            request.run().writeUnitsPerSecond(),
            size.writeUnitsPerSecond().orElse(ON_DEMAND_WRITE_UNITS));
    double seconds = Math.max(reads / readPace, writes / writePace);
    return AROUND_IT.plusSeconds((long) Math.ceil(seconds));
  }

  private static double pace(OptionalInt budget, double capacity) {
    double asked = budget.isPresent() ? budget.getAsInt() : capacity;
    return Math.max(1, Math.min(asked, capacity));
  }
}
