package dev.godwit.cli.facts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.cli.facts.TableFacts.Recovery;
import dev.godwit.cli.facts.TableFacts.Replica;
import dev.godwit.cli.facts.TableFacts.Scaling;
import dev.godwit.cli.table.DynamoDbConnection;
import dev.godwit.cli.table.ServiceCalls;
import dev.godwit.dynamodblocal.LocalDynamoDb;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.lambda.LambdaClient;

/**
 * What DynamoDB Local does not tell comes from answers in the form of the API reference (DynamoDB:
 * DescribeTable, DescribeContinuousBackups, DescribeTimeToLive,
 * DescribeKinesisStreamingDestination; Lambda: ListEventSourceMappings; Application Auto Scaling:
 * DescribeScalableTargets; read 2026-11-26).
 */
class TableFactsReaderTest {
  private static final String STREAM =
      "arn:aws:dynamodb:us-east-1:123456789012:table/Cities/stream/2026-11-01T00:00:00.000";
  private static final String READER =
      "arn:aws:lambda:us-east-1:123456789012:function:index-cities";

  private final CannedAws aws = new CannedAws();

  @AfterEach
  void stop() {
    aws.close();
  }

  private TableFacts read(String table) {
    var connection = DynamoDbConnection.local(aws.endpoint());
    try (var reader =
        new TableFactsReader(
            connection,
            Optional.of(
                LambdaClient.builder()
                    .endpointOverride(aws.endpoint())
                    .region(connection.region())
                    .credentialsProvider(connection.credentials())
                    .build()),
            Optional.of(ServiceCalls.ofScaling(connection, Optional.of(aws.endpoint()))))) {
      return reader.read(table);
    }
  }

  private void describe(String more) {
    aws.on(
        "DescribeTable",
        """
        {"Table": {
          "TableName": "Cities", "TableStatus": "ACTIVE", "ItemCount": 171075, "TableSizeBytes": 11000000,
          "TableArn": "arn:aws:dynamodb:us-east-1:123456789012:table/Cities",
          "KeySchema": [{"AttributeName": "id", "KeyType": "RANGE"}, {"AttributeName": "country", "KeyType": "HASH"}],
          "ProvisionedThroughput": {"ReadCapacityUnits": 0, "WriteCapacityUnits": 0, "NumberOfDecreasesToday": 0}
          %s}}"""
            .formatted(more));
  }

  @Test
  void read_ofATableOnDemand_tellsAllThatAwsDoes() {
    describe(
        """
        , "BillingModeSummary": {"BillingMode": "PAY_PER_REQUEST"},
        "WarmThroughput": {"ReadUnitsPerSecond": 12000, "WriteUnitsPerSecond": 4000, "Status": "ACTIVE"},
        "OnDemandThroughput": {"MaxReadRequestUnits": -1, "MaxWriteRequestUnits": 2500},
        "TableClassSummary": {"TableClass": "STANDARD_INFREQUENT_ACCESS"},
        "DeletionProtectionEnabled": true,
        "MultiRegionConsistency": "STRONG",
        "Replicas": [{"RegionName": "us-east-1", "ReplicaStatus": "ACTIVE"}, {"RegionName": "us-west-2", "ReplicaStatus": "ACTIVE"}],
        "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "NEW_AND_OLD_IMAGES"},
        "LatestStreamArn": "%s",
        "SSEDescription": {"Status": "ENABLED", "SSEType": "KMS", "KMSMasterKeyArn": "arn:aws:kms:us-east-1:123456789012:key/k"},
        "GlobalSecondaryIndexes": [{"IndexName": "ByName", "IndexStatus": "CREATING", "ItemCount": 9, "IndexSizeBytes": 90,
          "KeySchema": [{"AttributeName": "name", "KeyType": "HASH"}],
          "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["lat", "lng"]},
          "WarmThroughput": {"ReadUnitsPerSecond": 12000, "WriteUnitsPerSecond": 6000, "Status": "ACTIVE"}}]
        """
            .formatted(STREAM));
    aws.on(
            "DescribeContinuousBackups",
            """
            {"ContinuousBackupsDescription": {"ContinuousBackupsStatus": "ENABLED", "PointInTimeRecoveryDescription": {
              "PointInTimeRecoveryStatus": "ENABLED", "RecoveryPeriodInDays": 35,
              "EarliestRestorableDateTime": 1761955200, "LatestRestorableDateTime": 1764115200}}}""")
        .on(
            "DescribeTimeToLive",
            "{\"TimeToLiveDescription\": {\"TimeToLiveStatus\": \"ENABLED\", \"AttributeName\": \"gone\"}}")
        .on(
            "DescribeKinesisStreamingDestination",
            """
            {"TableName": "Cities", "KinesisDataStreamDestinations": [
              {"StreamArn": "arn:aws:kinesis:us-east-1:123456789012:stream/old", "DestinationStatus": "DISABLED"},
              {"StreamArn": "arn:aws:kinesis:us-east-1:123456789012:stream/now", "DestinationStatus": "ACTIVE"}]}""")
        .on(
            "/2015-03-31/event-source-mappings",
            "{\"EventSourceMappings\": [{\"UUID\": \"u\", \"FunctionArn\": \""
                + READER
                + "\", \"State\": \"Enabled\"}]}")
        .on(
            "DescribeScalableTargets",
            """
            {"ScalableTargets": [{"ServiceNamespace": "dynamodb", "ResourceId": "table/Cities",
              "ScalableDimension": "dynamodb:table:WriteCapacityUnits", "MinCapacity": 5, "MaxCapacity": 500,
              "SuspendedState": {"DynamicScalingOutSuspended": true}}]}""");

    var facts = read("Cities");

    assertThat(facts.keys()).containsExactly("country", "id");
    assertThat(facts.isOnDemand()).isTrue();
    assertThat(facts.isInfrequentAccess()).isTrue();
    assertThat(facts.throughput())
        .isEqualTo(
            new Throughput(
                0,
                0,
                OptionalLong.of(12_000),
                OptionalLong.of(4_000),
                OptionalLong.empty(),
                OptionalLong.of(2_500)));
    assertThat(facts.isProtected()).isTrue();
    assertThat(facts.isStronglyConsistent()).isTrue();
    assertThat(facts.replicas()).containsExactly(new Replica("us-west-2", "ACTIVE"));
    assertThat(facts.stream().orElseThrow())
        .isEqualTo(new TableFacts.Stream(STREAM, "NEW_AND_OLD_IMAGES"));
    assertThat(facts.encryption()).contains("KMS", "key/k");
    assertThat(facts.indexes())
        .singleElement()
        .satisfies(
            index -> {
              assertThat(index.projected()).containsExactly("lat", "lng");
              assertThat(index.status()).contains("CREATING");
              assertThat(index.throughput().orElseThrow().warmWriteUnits()).hasValue(6_000);
            });
    assertThat(facts.recovery().known())
        .contains(
            new Recovery(
                true, OptionalInt.of(35), Optional.of(Instant.ofEpochSecond(1_761_955_200))));
    assertThat(facts.expiry().known()).contains(Optional.of("gone"));
    assertThat(facts.kinesisStreams().known())
        .contains(List.of("arn:aws:kinesis:us-east-1:123456789012:stream/now"));
    assertThat(facts.streamReaders().known()).contains(List.of(READER + " (Enabled)"));
    assertThat(facts.scaling().known())
        .contains(
            List.of(
                new Scaling("table/Cities", "dynamodb:table:WriteCapacityUnits", 5, 500, true)));
  }

  @Test
  void read_whatMayNotBeAsked_isUnknownAndSaysWhatToAllow() {
    describe(
        """
        , "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "KEYS_ONLY"}, "LatestStreamArn": "%s"
        """
            .formatted(STREAM));

    var facts = read("Cities");

    assertThat(facts.isOnDemand()).as("a table that was never on demand has no summary").isFalse();
    assertThat(facts.recovery())
        .isEqualTo(
            Told.unknown("it may not be looked at; allow dynamodb:DescribeContinuousBackups"));
    assertThat(facts.expiry())
        .isEqualTo(Told.unknown("it may not be looked at; allow dynamodb:DescribeTimeToLive"));
    assertThat(facts.kinesisStreams())
        .isEqualTo(
            Told.unknown(
                "it may not be looked at; allow dynamodb:DescribeKinesisStreamingDestination"));
    assertThat(facts.streamReaders())
        .isEqualTo(Told.unknown("it may not be looked at; allow lambda:ListEventSourceMappings"));
    assertThat(facts.scaling())
        .isEqualTo(
            Told.unknown(
                "it may not be looked at; allow application-autoscaling:DescribeScalableTargets"));
  }

  @Test
  void read_ofDynamoDbLocal_isUnknownWhereThatDoesNotKnow() {
    try (var server = LocalDynamoDb.inMemory()) {
      server.createTable("Tasks", "id");
      try (var reader = TableFactsReader.over(DynamoDbConnection.local(server.endpoint()))) {
        var facts = reader.read("Tasks");

        assertThat(facts.isOnDemand()).isTrue();
        assertThat(facts.throughput().warmWriteUnits()).isEmpty();
        assertThat(facts.expiry().known()).contains(Optional.empty());
        assertThat(facts.scaling().known()).contains(List.of());
        assertThat(facts.recovery()).isEqualTo(Told.unknown("this endpoint does not know of it"));
      }
    }
  }
}
