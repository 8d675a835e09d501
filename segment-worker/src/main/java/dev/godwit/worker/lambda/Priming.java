package dev.godwit.worker.lambda;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.migration.Migrations;
import dev.godwit.worker.PageListener;
import dev.godwit.worker.dynamodb.DynamoDbDatabase;
import dev.godwit.worker.record.S3RecordStore;
import dev.godwit.worker.source.NoSourceFiles;
import dev.godwit.worker.wire.JsonService;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Runs slices over a table that is not there, so that the classes of a slice's whole way are loaded
 * and warm in the snapshot: parsing the request, signing, DynamoDB's JSON, conflicts, failure
 * records, the answer.
 *
 * <p>It works on clients of its own with made-up credentials. The clients that serve real slices
 * are made but not used before the snapshot, so they hold no connection and no credentials that
 * could be stale in a restored copy.
 */
public final class Priming {
  private static final StaticCredentialsProvider NOBODY =
      StaticCredentialsProvider.create(AwsBasicCredentials.create("priming", "priming"));

  /** The first loads nearly all classes; after so many the way is compiled too, and stays so. */
  private static final int SLICES = 200;

  private static final String WAKE =
      """
      {"wake":{"runId":"priming","tableName":"priming","migration":"%s","direction":"up"}}"""
          .formatted(PrimingMigration.ID);

  private static final ObjectMapper JSON = new ObjectMapper();

  private Priming() {}

  /**
   * Primes.
   *
   * @throws IOException never, but for a defect: nothing is reached
   */
  public static void run() throws IOException {
    try (var database = database();
        var s3 = s3()) {
      var settings =
          new WorkerSettings(
              Migrations.of(List.of(new PrimingMigration())),
              database,
              database.rates(),
              new S3RecordStore(s3, "priming"),
              NoSourceFiles.NONE,
              1,
              1,
              PageListener.NONE);
      try (var handler = new SegmentWorkerHandler(settings)) {
        var slice = slice(JSON.readTree(asked(handler, WAKE)).get("code").textValue());
        for (int i = 0; i < SLICES; i++) {
          asked(handler, slice);
        }
      }
    }
  }

  private static DynamoDbDatabase database() {
    return new DynamoDbDatabase(
        JsonService.dynamoDb(
            URI.create("http://127.0.0.1"), Region.US_EAST_1, NOBODY, new CannedSockets()),
        false);
  }

  private static S3Client s3() {
    return S3Client.builder()
        .region(Region.US_EAST_1)
        .credentialsProvider(NOBODY)
        .httpClient(new CannedS3())
        .build();
  }

  private static byte[] asked(SegmentWorkerHandler handler, String event) throws IOException {
    var answer = new ByteArrayOutputStream();
    handler.handle(
        new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8)), answer, () -> 60_000);
    return answer.toByteArray();
  }

  private static String slice(String code) {
    return """
        {"runId":"priming","startedAt":"2026-11-20T00:00:00Z","tableName":"priming","keys":["id"],
        "migration":"%s","direction":"up","mode":"apply","guard":"read-set","segment":0,"totalSegments":1,
        "sliceSeconds":60,"sharing":{"ledger":"priming","atOnce":1,"parts":1},"itemFailuresAllowed":1,"parameters":{},"code":"%s"}"""
        .formatted(PrimingMigration.ID, code);
  }
}
