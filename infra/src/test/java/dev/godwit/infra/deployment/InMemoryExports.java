package dev.godwit.infra.deployment;

import dev.godwit.run.ledger.ExportRecord;
import dev.godwit.run.ledger.ExportRecord.Exported;
import dev.godwit.run.ledger.ExportRecord.Status;
import dev.godwit.run.ledger.LedgerKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** Exports that go on until a test ends them, and what the ledger has of them. */
final class InMemoryExports implements ExportNotes, TableExports {
  private final TreeMap<String, ExportRecord> notes = new TreeMap<>();

  /** How the export with a token stands. */
  final Map<String, Status> states = new TreeMap<>();

  /** What each token was asked for. */
  private final Map<String, String> purposes = new TreeMap<>();

  /** The tokens that exports were asked for with, in order. */
  final List<String> asked = new ArrayList<>();

  /** Why exports are refused, if they are, and whether a permission is missing. */
  Optional<Refused> refusal = Optional.empty();

  /** The next begun export's answer is lost. */
  boolean losesAnswer;

  @Override
  public Optional<ExportRecord> latest(String tableName, String migration) {
    var prefix = text(LedgerKey.exports(tableName, migration));
    var last = notes.floorEntry(prefix + "~");
    return Optional.ofNullable(last)
        .filter(entry -> entry.getKey().startsWith(prefix))
        .map(Map.Entry::getValue);
  }

  @Override
  public void write(Optional<ExportRecord> seen, ExportRecord next) {
    var key = text(next.key());
    var there = Optional.ofNullable(notes.get(key));
    var expected = seen.filter(record -> record.key().equals(next.key()));
    boolean same =
        there.map(ExportRecord::token).equals(expected.map(ExportRecord::token))
            && there.map(ExportRecord::status).equals(expected.map(ExportRecord::status));
    if (!same) {
      throw new NoteChanged(next.tableName());
    }
    notes.put(key, next);
  }

  @Override
  public ExportRecord begin(ExportRecord record, String tableArn) throws Refused {
    asked.add(record.token());
    if (refusal.isPresent()) {
      throw refusal.get();
    }
    states.putIfAbsent(record.token(), Status.IN_PROGRESS);
    purposes.put(record.token(), text(LedgerKey.exports(record.tableName(), record.purpose())));
    if (losesAnswer) {
      losesAnswer = false;
      throw new NotYet("Connection reset");
    }
    return described(record);
  }

  @Override
  public ExportRecord describe(ExportRecord export) {
    return described(export);
  }

  /** How many exports DynamoDB has begun for a migration. */
  long begun(String tableName, String migration) {
    var purpose = text(LedgerKey.exports(tableName, migration));
    return purposes.values().stream().filter(purpose::equals).count();
  }

  /** Ends the export that stands for a migration of a table. */
  void end(String tableName, String migration, Status status) {
    states.put(latest(tableName, migration).orElseThrow().token(), status);
  }

  private ExportRecord described(ExportRecord record) {
    var status = states.getOrDefault(record.token(), Status.FAILED);
    return record.described(
        status,
        "arn:" + record.token(),
        status == Status.COMPLETED
            ? new Exported(
                Optional.of(record.askedAt()),
                OptionalLong.of(7),
                OptionalLong.of(700),
                Optional.of("exports/" + record.token() + "/manifest-summary.json"),
                Optional.of(record.askedAt()))
            : Exported.NOTHING,
        status == Status.FAILED ? "The export has failed (S3NoSuchBucket)" : "");
  }

  private static String text(LedgerKey key) {
    return key.partition() + " " + key.sort();
  }
}
