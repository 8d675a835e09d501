package dev.godwit.run.ledger;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * An export of a table to S3 that DynamoDB was asked for, as the ledger has it: written before it
 * is asked for, so that whoever asks again asks for the same one.
 *
 * <p>Exports of one table for one purpose are numbered from 1; the one with the highest number
 * stands for all. Two that ask at the same time write the same number, and one of them is refused.
 *
 * @param purpose the migration that the export is made for; {@link #NO_PURPOSE} for none
 * @param token DynamoDB's client token: asking again with it within eight hours begins no second
 *     export
 * @param destination where it goes
 * @param atTime the moment of the table that was asked for; empty for when it was asked
 * @param askedAt when that was, to the millisecond
 * @param by who asked: an AWS identity's ARN, a user and a machine, or a deployment's request
 * @param arn the export's own name; empty until DynamoDB has told it
 * @param exported what is known of it once it is there
 * @param failure why there is none; empty if nothing is wrong
 */
public record ExportRecord(
    String tableName,
    String purpose,
    int number,
    String token,
    Location destination,
    Optional<Instant> atTime,
    Instant askedAt,
    String by,
    Status status,
    Optional<String> arn,
    Exported exported,
    String failure) {
  /** The purpose of an export that is made for no migration. */
  public static final String NO_PURPOSE = "-";

  /** The attribute that writes are conditioned on, beside {@link #TOKEN}. */
  public static final String STATUS = "status";

  public static final String TOKEN = "token";

  /**
   * How long asking again is sure to mean the same export. A token holds for 8 hours: DynamoDB API
   * reference, ExportTableToPointInTime, ClientToken; read 2026-11-26. An hour less, for clocks.
   */
  static final Duration SAME_FOR = Duration.ofHours(7);

  /**
   * How long a completed export stands for its table, from its end. What a later clean-up deletes
   * has to be in it.
   */
  public static final Duration GOOD_FOR = Duration.ofHours(24);

  private static final String TABLE_NAME = "tableName";
  private static final String PURPOSE = "purpose";
  private static final String NUMBER = "number";
  private static final String BUCKET = "bucket";
  private static final String PREFIX = "prefix";
  private static final String AT_TIME = "atTime";
  private static final String ASKED_AT = "askedAt";
  private static final String BY = "by";
  private static final String ARN = "exportArn";
  private static final String EXPORT_TIME = "exportTime";
  private static final String ITEMS = "items";
  private static final String BYTES = "bytes";
  private static final String MANIFEST = "manifest";
  private static final String ENDED_AT = "endedAt";
  private static final String FAILURE = "failure";

  /** How far an export is. */
  public enum Status {
    /** It is about to be asked for, or was: whether DynamoDB has heard is not known. */
    ASKED,
    /** DynamoDB refused to begin it. Another may take its number. */
    REFUSED,
    IN_PROGRESS,
    COMPLETED,
    FAILED
  }

  /**
   * Where an export goes.
   *
   * @param prefix without a slash at its end; empty for the bucket's root
   */
  public record Location(String bucket, String prefix) {
    /** For people. */
    @Override
    public String toString() {
      return "s3://" + bucket + "/" + (prefix.isEmpty() ? "" : prefix + "/");
    }
  }

  /**
   * What DynamoDB says of an export.
   *
   * @param time the moment of the table that it has
   * @param manifest the key of its {@code manifest-summary.json} in the bucket
   */
  public record Exported(
      Optional<Instant> time,
      OptionalLong items,
      OptionalLong bytes,
      Optional<String> manifest,
      Optional<Instant> endedAt) {
    public static final Exported NOTHING =
        new Exported(
            Optional.empty(),
            OptionalLong.empty(),
            OptionalLong.empty(),
            Optional.empty(),
            Optional.empty());
  }

  /** What to do next for who wants an export. */
  public enum Next {
    /** Ask for a new one. */
    ASK_ANEW,
    /** Ask for this one once more, with its token: the answer was lost, or never came. */
    ASK_AGAIN,
    FOLLOW,
    /** It is there, and not too old. */
    USE
  }

  /** One that is about to be asked for, after {@code latest}, if there is one. */
  public static ExportRecord asked(
      String tableName,
      String purpose,
      Optional<ExportRecord> latest,
      Location destination,
      Optional<Instant> atTime,
      Instant now,
      String by) {
    int number = latest.map(last -> last.hasBegun() ? last.number + 1 : last.number).orElse(1);
    return new ExportRecord(
        tableName,
        purpose,
        number,
        digest(
            String.join(
                "/",
                tableName,
                purpose,
                latest.map(ExportRecord::token).orElse(""),
                Long.toString(now.toEpochMilli()),
                by)),
        destination,
        atTime,
        Instant.ofEpochMilli(now.toEpochMilli()),
        by,
        Status.ASKED,
        Optional.empty(),
        Exported.NOTHING,
        "");
  }

  private boolean hasBegun() {
    return arn.isPresent();
  }

  /** What to do about {@code latest}, for who wants an export that is there. */
  public static Next next(Optional<ExportRecord> latest, Instant now) {
    if (latest.isEmpty()) {
      return Next.ASK_ANEW;
    }
    return switch (latest.get().status) {
      case ASKED ->
          now.isBefore(latest.get().askedAt.plus(SAME_FOR)) ? Next.ASK_AGAIN : Next.ASK_ANEW;
      case IN_PROGRESS -> Next.FOLLOW;
      case COMPLETED -> latest.get().isGoodAt(now) ? Next.USE : Next.ASK_ANEW;
      case REFUSED, FAILED -> Next.ASK_ANEW;
    };
  }

  /**
   * Whether it is not older than {@link #GOOD_FOR}; by when it was asked, if its end is not known.
   */
  public boolean isGoodAt(Instant now) {
    return !now.isAfter(exported.endedAt().orElse(askedAt).plus(GOOD_FOR));
  }

  /** The same, as DynamoDB describes it now. */
  public ExportRecord described(Status now, String exportArn, Exported said, String whyItFailed) {
    return new ExportRecord(
        tableName,
        purpose,
        number,
        token,
        destination,
        atTime,
        askedAt,
        by,
        now,
        Optional.of(exportArn),
        said,
        whyItFailed);
  }

  /** The same, which DynamoDB refused to begin. */
  public ExportRecord refused(String why) {
    return new ExportRecord(
        tableName,
        purpose,
        number,
        token,
        destination,
        atTime,
        askedAt,
        by,
        Status.REFUSED,
        Optional.empty(),
        Exported.NOTHING,
        why);
  }

  /** Where its summary is; empty until it is completed. */
  public Optional<String> manifest() {
    return status == Status.COMPLETED
        ? exported.manifest().map(key -> "s3://" + destination.bucket() + "/" + key)
        : Optional.empty();
  }

  /** Its key in the ledger. */
  public LedgerKey key() {
    return LedgerKey.export(tableName, purpose, number);
  }

  /** What its item has beside its key: text, or {@link Long} for a number. */
  public Map<String, Object> attributes() {
    var all = new LinkedHashMap<String, Object>();
    all.put(TABLE_NAME, tableName);
    all.put(PURPOSE, purpose);
    all.put(NUMBER, (long) number);
    all.put(TOKEN, token);
    all.put(BUCKET, destination.bucket());
    all.put(PREFIX, destination.prefix());
    atTime.ifPresent(at -> all.put(AT_TIME, at.toString()));
    all.put(ASKED_AT, askedAt.toString());
    all.put(BY, by);
    all.put(STATUS, status.name());
    arn.ifPresent(name -> all.put(ARN, name));
    exported.time().ifPresent(at -> all.put(EXPORT_TIME, at.toString()));
    exported.items().ifPresent(items -> all.put(ITEMS, items));
    exported.bytes().ifPresent(bytes -> all.put(BYTES, bytes));
    exported.manifest().ifPresent(key -> all.put(MANIFEST, key));
    exported.endedAt().ifPresent(at -> all.put(ENDED_AT, at.toString()));
    if (!failure.isEmpty()) {
      all.put(FAILURE, failure);
    }
    return all;
  }

  /**
   * Reads what {@link #attributes} has made.
   *
   * @param item each attribute's text, also of a number; others are passed over
   * @throws IllegalArgumentException when it is no such item; the message names what is missing
   */
  public static ExportRecord of(Map<String, String> item) {
    return new ExportRecord(
        text(item, TABLE_NAME),
        text(item, PURPOSE),
        Integer.parseInt(text(item, NUMBER)),
        text(item, TOKEN),
        new Location(text(item, BUCKET), text(item, PREFIX)),
        time(item, AT_TIME),
        Instant.parse(text(item, ASKED_AT)),
        text(item, BY),
        Status.valueOf(text(item, STATUS)),
        Optional.ofNullable(item.get(ARN)),
        new Exported(
            time(item, EXPORT_TIME),
            whole(item, ITEMS),
            whole(item, BYTES),
            Optional.ofNullable(item.get(MANIFEST)),
            time(item, ENDED_AT)),
        item.getOrDefault(FAILURE, ""));
  }

  private static String text(Map<String, String> item, String name) {
    String value = item.get(name);
    if (value == null) {
      throw new IllegalArgumentException("An export in the ledger has no " + name);
    }
    return value;
  }

  private static Optional<Instant> time(Map<String, String> item, String name) {
    return Optional.ofNullable(item.get(name)).map(Instant::parse);
  }

  private static OptionalLong whole(Map<String, String> item, String name) {
    String value = item.get(name);
    return value == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(value));
  }

  private static String digest(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
