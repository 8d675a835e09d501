package dev.godwit.run;

import dev.godwit.migration.Source;
import dev.godwit.migration.Target;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * What a run is asked to do: the input of the state machine {@code migrate-table}.
 *
 * @param runId names the run and the folder of its results
 * @param tableName the table to migrate
 * @param migration the id of the migration
 * @param direction which of its transforms
 * @param mode whether changes are written
 * @param totalSegments into how many parts the table is scanned
 * @param maxConcurrency how many of them at a time
 * @param sliceSeconds how long one invocation of the worker may take
 * @param guard what writes are conditioned on
 * @param stamp an attribute that each write sets to the migration's id and requires to be absent
 * @param itemFailuresAllowed how many items of a segment may fail before the segment does
 * @param toleratedFailurePercentage how many segments in a hundred may fail before the run does
 * @param readUnitsPerSecond the read budget of the whole run; absent for no limit
 * @param writeUnitsPerSecond the write budget of the whole run; absent for no limit
 * @param prewarm capacity to be ready before the scan begins
 * @param parameters what the transform may read, name to text
 * @param retryFailures an earlier run: only the items that failed in it are offered, as they are
 *     now
 * @param undo an earlier run over the same table in as many segments: its writes are taken back, as
 *     far as their items are as it left them, and no transform is asked
 * @param keepBeforeImages whether what an item holds is kept before it is written, so that the run
 *     can be undone
 * @param source where the items come from; absent for the migration's own source
 * @param target another table that items are put into; absent for the migration's own, or else to
 *     change them in place
 * @param sample of a verification with a target, how many items of each segment are looked at, at
 *     most; absent for all
 * @param canary segments that are migrated before all others, and have to pass a gate; absent for
 *     none
 * @param code the digest of the migration's code that whoever starts the run expects the worker to
 *     have; absent when they do not know it
 */
public record RunRequest(
    String runId,
    String tableName,
    String migration,
    Direction direction,
    Mode mode,
    int totalSegments,
    int maxConcurrency,
    int sliceSeconds,
    Guard guard,
    Optional<String> stamp,
    int itemFailuresAllowed,
    int toleratedFailurePercentage,
    OptionalInt readUnitsPerSecond,
    OptionalInt writeUnitsPerSecond,
    Optional<Prewarm> prewarm,
    Map<String, String> parameters,
    Optional<String> retryFailures,
    Optional<String> undo,
    boolean keepBeforeImages,
    Optional<Source> source,
    Optional<Target> target,
    OptionalInt sample,
    Optional<Canary> canary,
    Optional<String> code) {
  /** So many fit into one page. */
  public static final int MOST_SAMPLED = 1000;

  /** Of the JSON form; raised when a field changes its meaning. */
  static final int VERSION = 1;

  /** DynamoDB's limit for parallel scans: API reference, Scan, TotalSegments; read 2026-11-20. */
  public static final int MOST_SEGMENTS = 1_000_000;

  /**
   * Children of one Map Run at once: Step Functions developer guide, "Setting the concurrency of
   * Map states"; read 2026-11-20.
   */
  public static final int MOST_CONCURRENT = 10_000;

  /** A minute less than Lambda's 15, for the last page. */
  public static final int LONGEST_SLICE_SECONDS = 840;

  /**
   * Of all parameters together, as JSON in a JSON text. The ledger keeps the request as text, and
   * the state that reads it back must not be larger than 256 KiB: Step Functions developer guide,
   * "Service quotas", "Quotas related to task executions"; read 2026-11-25. What else an item of a
   * run holds, its ending's cause and the capacity before, needs less than half of that.
   */
  static final int MOST_PARAMETER_BYTES = 128 * 1024;

  /** Fits in a child execution's name, which has at most 80 characters. */
  private static final Pattern RUN_ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,63}");

  /**
   * DynamoDB's rule for table names: developer guide, "Supported data types and naming rules"; read
   * 2026-11-20.
   */
  private static final Pattern TABLE_NAME = Pattern.compile("[A-Za-z0-9_.-]{3,255}");

  /** A SHA-256 digest, in hexadecimal. */
  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

  public RunRequest {
    parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    check(
        RUN_ID.matcher(runId).matches(),
        "runId must be 1 to 64 letters, digits, - and _, and begin with a letter or digit",
        runId);
    check(
        !tableName.startsWith("arn:"),
        "tableName must be a table's name, not its ARN: a run migrates a table of the account and"
            + " region that it runs in. For one elsewhere, give the state machine, or the"
            + " credentials, of that account",
        tableName);
    check(
        TABLE_NAME.matcher(tableName).matches(),
        "tableName must be a DynamoDB table's name: 3 to 255 letters, digits, _ . and -",
        tableName);
    check(
        !migration.isEmpty(),
        "migration must be the id of a migration, as in 20261120-updated-at",
        migration);
    checkSize(parameters);
    checkRange("totalSegments", totalSegments, 1, MOST_SEGMENTS);
    checkRange("maxConcurrency", maxConcurrency, 1, MOST_CONCURRENT);
    checkRange("sliceSeconds", sliceSeconds, 1, LONGEST_SLICE_SECONDS);
    checkRange("itemFailuresAllowed", itemFailuresAllowed, 0, Integer.MAX_VALUE);
    checkRange("toleratedFailurePercentage", toleratedFailurePercentage, 0, 100);
    checkUnits("readUnitsPerSecond", readUnitsPerSecond);
    checkUnits("writeUnitsPerSecond", writeUnitsPerSecond);
    retryFailures.ifPresent(
        id -> check(RUN_ID.matcher(id).matches(), "retryFailures must be the id of a run", id));
    undo.ifPresent(
        id -> {
          check(RUN_ID.matcher(id).matches(), "undo must be the id of a run", id);
          check(!id.equals(runId), "undo must be another run", id);
          check(
              retryFailures.isEmpty() && stamp.isEmpty() && mode != Mode.VERIFY,
              "undo goes without retryFailures, without a stamp, and not in mode verify",
              id);
          check(
              !(guard instanceof Guard.None),
              "undo needs a guard: what others have written since must stay",
              id);
        });
    target.ifPresent(
        there ->
            check(
                TABLE_NAME.matcher(there.tableName()).matches(),
                "target.tableName must be a DynamoDB table's name: 3 to 255 letters, digits, _ . and -",
                there.tableName()));
    if (mode == Mode.EXPORT) {
      check(
          migration.equals(Exporting.MIGRATION)
              && direction == Direction.UP
              && target.isEmpty()
              && stamp.isEmpty()
              && retryFailures.isEmpty()
              && undo.isEmpty()
              && !keepBeforeImages
              && prewarm.isEmpty()
              && toleratedFailurePercentage == 0,
          "mode export goes with the migration "
              + Exporting.MIGRATION
              + " up, and without target, stamp, retryFailures, undo, keepBeforeImages and prewarm,"
              + " for it writes to no table, and without toleratedFailurePercentage, for nothing may"
              + " be missing",
          migration);
    }
    checkSourceAndTarget(
        source,
        target,
        new TargetRules.Asked(
            tableName,
            direction,
            mode,
            guard,
            stamp.isPresent(),
            undo.isPresent(),
            keepBeforeImages,
            prewarm.isPresent()));
    sample.ifPresent(
        items -> {
          checkRange("sample", items, 1, MOST_SAMPLED);
          if (mode != Mode.VERIFY) {
            throw new IllegalArgumentException(
                "sample goes with mode verify alone: whatever else a run does, it does with every"
                    + " item");
          }
        });
    canary.ifPresent(
        first -> {
          if (mode != Mode.APPLY || undo.isPresent() || retryFailures.isPresent()) {
            throw new IllegalArgumentException(
                "canary goes with mode apply alone, and without undo and retryFailures: there must be"
                    + " something to write, and a transform to keep it");
          }
          if (first.segments() >= totalSegments) {
            throw new IllegalArgumentException(
                String.format(
                    Locale.ROOT,
                    "canary.segments must be less than totalSegments, %,d, so that some are left"
                        + " behind the gate, not %,d",
                    totalSegments,
                    first.segments()));
          }
        });
    code.ifPresent(
        digest ->
            check(
                isDigest(digest),
                "code must be the digest of a migration's code: 64 hexadecimal digits",
                digest));
    stamp.ifPresent(
        name -> {
          check(!name.isEmpty(), "stamp must be the name of an attribute", name);
          check(
              !(guard instanceof Guard.None),
              "stamp needs a guard, because it is a condition; leave out guard none",
              name);
        });
  }

  private static void checkSourceAndTarget(
      Optional<Source> source, Optional<Target> target, TargetRules.Asked asked) {
    source.ifPresent(from -> SourceRules.check(from, target, asked));
    boolean reads = source.map(SourceRules::readsTheTable).orElse(true);
    target.ifPresent(there -> TargetRules.check(there, reads ? asked : asked.withoutReading()));
  }

  /** The table that it fills, if that is another than the one that it migrates. */
  public Optional<String> targetTable() {
    return target.map(Target::tableName);
  }

  /** Whether {@code code} can be the digest of a migration's code. */
  public static boolean isDigest(String code) {
    return DIGEST.matcher(code).matches();
  }

  /** The same, with at most {@code segments} at a time. */
  public RunRequest withMaxConcurrency(int segments) {
    return new RunRequest(
        runId,
        tableName,
        migration,
        direction,
        mode,
        totalSegments,
        segments,
        sliceSeconds,
        guard,
        stamp,
        itemFailuresAllowed,
        toleratedFailurePercentage,
        readUnitsPerSecond,
        writeUnitsPerSecond,
        prewarm,
        parameters,
        retryFailures,
        undo,
        keepBeforeImages,
        source,
        target,
        sample,
        canary,
        code);
  }

  /** The same, for a worker whose code for the migration has this digest. */
  public RunRequest withCode(String digest) {
    return new RunRequest(
        runId,
        tableName,
        migration,
        direction,
        mode,
        totalSegments,
        maxConcurrency,
        sliceSeconds,
        guard,
        stamp,
        itemFailuresAllowed,
        toleratedFailurePercentage,
        readUnitsPerSecond,
        writeUnitsPerSecond,
        prewarm,
        parameters,
        retryFailures,
        undo,
        keepBeforeImages,
        source,
        target,
        sample,
        canary,
        Optional.of(digest));
  }

  /** The parameters are all of a request that can be long. */
  private static void checkSize(Map<String, String> parameters) {
    int bytes = RunRequestJson.bytesInTheLedger(parameters);
    if (bytes > MOST_PARAMETER_BYTES) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "parameters must have at most %,d bytes together, as JSON text in JSON, not %,d; give the transform shorter ones, or have it read a file",
              MOST_PARAMETER_BYTES,
              bytes));
    }
  }

  static void checkUnits(String name, OptionalInt unitsPerSecond) {
    unitsPerSecond.ifPresent(units -> checkRange(name, units, 1, Integer.MAX_VALUE));
  }

  static void checkRange(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          most == Integer.MAX_VALUE
              ? String.format(Locale.ROOT, "%s must be at least %,d, not %,d", name, least, value)
              : String.format(
                  Locale.ROOT, "%s must be from %,d to %,d, not %,d", name, least, most, value));
    }
  }

  private static void check(boolean holds, String rule, String value) {
    if (!holds) {
      throw new IllegalArgumentException(rule + ", not \"" + value + "\"");
    }
  }

  /**
   * Capacity that the table must be ready for before the scan begins.
   *
   * @param readUnits read units per second
   * @param writeUnits write units per second
   */
  public record Prewarm(int readUnits, int writeUnits) {
    public Prewarm {
      checkRange("prewarm.readUnits", readUnits, 1, Integer.MAX_VALUE);
      checkRange("prewarm.writeUnits", writeUnits, 1, Integer.MAX_VALUE);
    }
  }
}
