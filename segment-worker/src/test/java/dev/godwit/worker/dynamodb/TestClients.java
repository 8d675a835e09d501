package dev.godwit.worker.dynamodb;

import dev.godwit.dynamodblocal.LocalDynamoDb;
import java.net.URI;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClientBuilder;

/** Clients as the worker uses them, pointed at a server of the test's own. */
public final class TestClients {
  private TestClients() {}

  public static DynamoDbClientBuilder of(LocalDynamoDb server) {
    return of(server.endpoint());
  }

  public static DynamoDbClientBuilder of(URI endpoint) {
    return at(endpoint).httpClientBuilder(Apache5HttpClient.builder());
  }

  /** A client of {@code server}, before which {@code answers} stands. */
  public static DynamoDbClientBuilder of(LocalDynamoDb server, AnsweringAsTheService answers) {
    return of(server.endpoint(), answers);
  }

  /** A client of what is at {@code endpoint}, before which {@code answers} stands. */
  public static DynamoDbClientBuilder of(URI endpoint, AnsweringAsTheService answers) {
    return at(endpoint).httpClient(answers);
  }

  private static DynamoDbClientBuilder at(URI endpoint) {
    return DynamoDbClient.builder()
        .endpointOverride(endpoint)
        .region(Region.US_EAST_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")));
  }
}
