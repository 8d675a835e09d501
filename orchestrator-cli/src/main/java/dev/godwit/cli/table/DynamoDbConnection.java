package dev.godwit.cli.table;

import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.worker.wire.JsonService;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClientBuilder;

/**
 * How to reach DynamoDB.
 *
 * @param endpoint where; empty for where the SDK finds it ({@code AWS_ENDPOINT_URL_DYNAMODB}, the
 *     profile, the region's own)
 * @param region which region to sign for
 * @param credentials who asks
 */
public record DynamoDbConnection(
    Optional<URI> endpoint, Region region, AwsCredentialsProvider credentials) {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(4);
  private static final int ATTEMPTS = 2;

  /**
   * A connection with credentials and region as the SDK finds them.
   *
   * @throws CommandFailed when it finds no region
   */
  public static DynamoDbConnection found(Optional<URI> endpoint, Optional<String> region) {
    return new DynamoDbConnection(
        endpoint,
        region.map(Region::of).orElseGet(DynamoDbConnection::foundRegion),
        DefaultCredentialsProvider.builder().build());
  }

  /** A connection to a DynamoDB Local, which takes any credentials. */
  public static DynamoDbConnection local(URI endpoint) {
    return new DynamoDbConnection(
        Optional.of(endpoint),
        Region.US_EAST_1,
        StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")));
  }

  /** A client for a few questions, which gives up within seconds. Close it. */
  public DynamoDbClient client() {
    return configured(DynamoDbClient.builder())
        .httpClientBuilder(
            UrlConnectionHttpClient.builder()
                .connectionTimeout(CONNECT_TIMEOUT)
                .socketTimeout(ANSWER_TIMEOUT))
        .overrideConfiguration(
            override -> override.retryStrategy(retry -> retry.maxAttempts(ATTEMPTS)))
        .build();
  }

  /** DynamoDB with bodies as bytes. Close it. */
  public JsonService service() {
    return JsonService.dynamoDb(endpoint, region, credentials);
  }

  /** {@code builder} with this connection's endpoint, region and credentials. */
  public DynamoDbClientBuilder configured(DynamoDbClientBuilder builder) {
    endpoint.ifPresent(builder::endpointOverride);
    return builder.region(region).credentialsProvider(credentials);
  }

  /** Whether it leads to AWS's own DynamoDB, as far as is known from here. */
  public boolean isAws() {
    return endpoint.map(DynamoDbConnection::isAws).orElse(true);
  }

  private static boolean isAws(URI endpoint) {
    var host = String.valueOf(endpoint.getHost()).toLowerCase(Locale.ROOT);
    return host.endsWith(".amazonaws.com")
        || host.endsWith(".amazonaws.com.cn")
        || host.endsWith(".api.aws");
  }

  /** Where it leads, for people. */
  public String place() {
    return endpoint.map(URI::toString).orElse("the region " + region);
  }

  private static Region foundRegion() {
    try {
      return DefaultAwsRegionProviderChain.builder().build().getRegion();
    } catch (SdkClientException e) {
      throw new CommandFailed(
          ExitCode.BAD_USAGE,
          "No AWS region is set; give --region, or set AWS_REGION or a profile that has one",
          e);
    }
  }
}
