package dev.godwit.cli.stepfunctions;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sfn.SfnClient;

/**
 * Makes the clients that runs on AWS are reached with. Answers are waited for a while and tried a
 * few times; who asks again and again anyway need not wait longer.
 *
 * @param states where Step Functions answers; empty for the region's own endpoint
 * @param dynamoDb where DynamoDB answers
 * @param s3 where S3 answers; a bucket is then part of the path
 * @param lambda where Lambda answers
 * @param sts where the Security Token Service answers, which knows who asks
 */
public record AwsClients(
    AwsCredentialsProvider credentials,
    Optional<URI> states,
    Optional<URI> dynamoDb,
    Optional<URI> s3,
    Optional<URI> lambda,
    Optional<URI> sts) {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(30);

  /** Clients with credentials and endpoints as the SDK finds them. */
  public static AwsClients found() {
    return new AwsClients(
        DefaultCredentialsProvider.builder().build(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  SfnClient sfn(String region) {
    return configured(SfnClient.builder(), states, region).build();
  }

  DynamoDbClient dynamoDb(String region) {
    return configured(DynamoDbClient.builder(), dynamoDb, region).build();
  }

  LambdaClient lambda(String region) {
    return configured(LambdaClient.builder(), lambda, region).build();
  }

  S3Client s3(String region) {
    return configured(S3Client.builder(), s3, region).forcePathStyle(s3.isPresent()).build();
  }

  private <B extends AwsClientBuilder<B, ?> & AwsSyncClientBuilder<B, ?>> B configured(
      B builder, Optional<URI> endpoint, String region) {
    endpoint.ifPresent(builder::endpointOverride);
    return builder
        .region(Region.of(region))
        .credentialsProvider(credentials)
        .httpClientBuilder(
            UrlConnectionHttpClient.builder()
                .connectionTimeout(CONNECT_TIMEOUT)
                .socketTimeout(ANSWER_TIMEOUT))
        .overrideConfiguration(override -> override.retryStrategy(RetryMode.STANDARD));
  }
}
