package dev.godwit.worker.dynamodb;

import dev.godwit.dynamodblocal.LocalDynamoDb;
import dev.godwit.worker.wire.JsonService;
import java.net.URI;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.regions.Region;

/** DynamoDB as the worker reaches it, at a server of the test's own. Whoever asks closes it. */
public final class TestClients {
  private static final AwsCredentialsProvider NOBODY =
      StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local"));

  private TestClients() {}

  public static JsonService of(LocalDynamoDb server) {
    return of(server.endpoint());
  }

  public static JsonService of(URI endpoint) {
    return JsonService.dynamoDb(Optional.of(endpoint), Region.US_EAST_1, NOBODY);
  }

  /** {@code server}, before which {@code answers} stands. */
  public static JsonService of(LocalDynamoDb server, AnsweringAsTheService answers) {
    return of(server.endpoint(), answers);
  }

  /** What is at {@code endpoint}, before which {@code answers} stands. */
  public static JsonService of(URI endpoint, SdkHttpClient answers) {
    return JsonService.dynamoDb(endpoint, Region.US_EAST_1, NOBODY, answers);
  }
}
