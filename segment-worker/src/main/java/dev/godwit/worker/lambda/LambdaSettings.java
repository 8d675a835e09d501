package dev.godwit.worker.lambda;

import dev.godwit.migration.Migrations;
import dev.godwit.worker.BadSliceRequest;
import dev.godwit.worker.dynamodb.DynamoDbDatabase;
import dev.godwit.worker.record.S3RecordStore;
import dev.godwit.worker.source.AnySourceFiles;
import dev.godwit.worker.source.NoSourceFiles;
import dev.godwit.worker.source.S3SourceFiles;
import dev.godwit.worker.wire.JsonService;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.services.s3.S3Client;

/** The worker's settings in a Lambda function, from its environment. */
final class LambdaSettings {
  /** The bucket for records; required. */
  static final String RESULTS_BUCKET = "RESULTS_BUCKET";

  /** How many write requests may be under way; 8 when not set. */
  static final String REQUESTS_IN_FLIGHT = "REQUESTS_IN_FLIGHT";

  /** {@code batched}, with PartiQL, when not set; or {@code single}, with UpdateItem. */
  static final String WRITER = "WRITER";

  private LambdaSettings() {}

  static WorkerSettings of(Map<String, String> environment) {
    var bucket = environment.get(RESULTS_BUCKET);
    if (bucket == null || bucket.isBlank()) {
      throw new BadSliceRequest(
          "The function's environment has no "
              + RESULTS_BUCKET
              + "; set it to the bucket for results",
          null);
    }
    int inFlight = inFlight(environment.getOrDefault(REQUESTS_IN_FLIGHT, "8"));
    var listener = new LoggedTrouble();
    var database =
        new DynamoDbDatabase(
            JsonService.dynamoDb(
                Optional.empty(),
                DefaultAwsRegionProviderChain.builder().build().getRegion(),
                DefaultCredentialsProvider.builder().build()),
            "single".equals(environment.get(WRITER)),
            listener);
    var s3 = S3Client.builder().httpClientBuilder(Apache5HttpClient.builder()).build();
    return new WorkerSettings(
        Migrations.discover(Thread.currentThread().getContextClassLoader()),
        database,
        database.rates(),
        new S3RecordStore(s3, bucket),
        new AnySourceFiles(new S3SourceFiles(s3), NoSourceFiles.NONE),
        inFlight,
        inFlight,
        listener);
  }

  private static int inFlight(String text) {
    try {
      int number = Integer.parseInt(text);
      if (number >= 1) {
        return number;
      }
    } catch (NumberFormatException e) {
      // told below
    }
    throw new BadSliceRequest(
        REQUESTS_IN_FLIGHT + " must be a number from 1, not \"" + text + "\"", null);
  }
}
