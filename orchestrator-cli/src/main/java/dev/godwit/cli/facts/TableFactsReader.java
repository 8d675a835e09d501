package dev.godwit.cli.facts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.cli.facts.TableFacts.Recovery;
import dev.godwit.cli.facts.TableFacts.Replica;
import dev.godwit.cli.facts.TableFacts.Scaling;
import dev.godwit.cli.facts.TableFacts.Stream;
import dev.godwit.cli.table.DynamoDbConnection;
import dev.godwit.cli.table.ServiceCalls;
import dev.godwit.cli.table.Tables;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.DestinationStatus;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndexDescription;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndexWarmThroughputDescription;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.LocalSecondaryIndexDescription;
import software.amazon.awssdk.services.dynamodb.model.MultiRegionConsistency;
import software.amazon.awssdk.services.dynamodb.model.OnDemandThroughput;
import software.amazon.awssdk.services.dynamodb.model.PointInTimeRecoveryStatus;
import software.amazon.awssdk.services.dynamodb.model.Projection;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputDescription;
import software.amazon.awssdk.services.dynamodb.model.TableClass;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.TableWarmThroughputDescription;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveStatus;
import software.amazon.awssdk.services.lambda.LambdaClient;

/**
 * Asks AWS about a table. Only the table's description must be told; whatever else is refused, or
 * is not there, is unknown.
 */
public final class TableFactsReader implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(4);
  private static final int ATTEMPTS = 2;

  private final DynamoDbConnection connection;
  private final DynamoDbClient dynamoDb;
  private final Optional<LambdaClient> lambda;
  private final Optional<ServiceCalls> scaling;

  /**
   * Asks these, which are closed with it.
   *
   * @param lambda empty where there is none beside the table
   * @param scaling empty where nothing scales
   */
  TableFactsReader(
      DynamoDbConnection connection,
      Optional<LambdaClient> lambda,
      Optional<ServiceCalls> scaling) {
    this.connection = connection;
    this.dynamoDb = connection.client();
    this.lambda = lambda;
    this.scaling = scaling;
  }

  /** Asks the DynamoDB at {@code connection}, and what is beside it. Close it. */
  public static TableFactsReader over(DynamoDbConnection connection) {
    return new TableFactsReader(
        connection,
        connection.isAws() ? Optional.of(lambda(connection)) : Optional.empty(),
        ServiceCalls.ofScalingBeside(connection));
  }

  private static LambdaClient lambda(DynamoDbConnection connection) {
    return LambdaClient.builder()
        .region(connection.region())
        .credentialsProvider(connection.credentials())
        .httpClientBuilder(
            UrlConnectionHttpClient.builder()
                .connectionTimeout(CONNECT_TIMEOUT)
                .socketTimeout(ANSWER_TIMEOUT))
        .overrideConfiguration(
            override -> override.retryStrategy(retry -> retry.maxAttempts(ATTEMPTS)))
        .build();
  }

  /**
   * What is known of {@code table}.
   *
   * @throws dev.godwit.cli.console.CommandFailed when there is none, or it cannot be reached
   */
  public TableFacts read(String table) {
    var described = Tables.describe(connection, table);
    boolean isOnDemand =
        described.billingModeSummary() != null
            && described.billingModeSummary().billingMode() == BillingMode.PAY_PER_REQUEST;
    return new TableFacts(
        table,
        described.tableArn(),
        connection.region().id(),
        described.tableStatusAsString(),
        described.itemCount() == null ? 0 : described.itemCount(),
        described.tableSizeBytes() == null ? 0 : described.tableSizeBytes(),
        isOnDemand,
        described.tableClassSummary() != null
            && described.tableClassSummary().tableClass() == TableClass.STANDARD_INFREQUENT_ACCESS,
        throughput(described),
        keys(described.keySchema()),
        indexes(described),
        decreases(described.provisionedThroughput()),
        lastDecrease(described.provisionedThroughput()),
        Boolean.TRUE.equals(described.deletionProtectionEnabled()),
        encryption(described),
        stream(described),
        described.replicas().stream()
            .filter(replica -> !connection.region().id().equals(replica.regionName()))
            .map(replica -> new Replica(replica.regionName(), replica.replicaStatusAsString()))
            .toList(),
        described.multiRegionConsistency() == MultiRegionConsistency.STRONG,
        expiry(table),
        recovery(table),
        streamReaders(stream(described)),
        kinesisStreams(table),
        scaling(table, described));
  }

  private static Throughput throughput(TableDescription table) {
    TableWarmThroughputDescription warm = table.warmThroughput();
    return throughput(
        table.provisionedThroughput(),
        warm == null ? null : warm.readUnitsPerSecond(),
        warm == null ? null : warm.writeUnitsPerSecond(),
        table.onDemandThroughput());
  }

  private static Throughput throughput(GlobalSecondaryIndexDescription index) {
    GlobalSecondaryIndexWarmThroughputDescription warm = index.warmThroughput();
    return throughput(
        index.provisionedThroughput(),
        warm == null ? null : warm.readUnitsPerSecond(),
        warm == null ? null : warm.writeUnitsPerSecond(),
        index.onDemandThroughput());
  }

  private static Throughput throughput(
      @Nullable ProvisionedThroughputDescription provisioned,
      @Nullable Long warmReads,
      @Nullable Long warmWrites,
      @Nullable OnDemandThroughput most) {
    return new Throughput(
        provisioned == null ? 0 : or0(provisioned.readCapacityUnits()),
        provisioned == null ? 0 : or0(provisioned.writeCapacityUnits()),
        optional(warmReads),
        optional(warmWrites),
        optional(most == null ? null : most.maxReadRequestUnits()),
        optional(most == null ? null : most.maxWriteRequestUnits()));
  }

  private static long or0(@Nullable Long units) {
    return units == null ? 0 : units;
  }

  /** A maximum of -1 is none: API reference, OnDemandThroughput; read 2026-11-26. */
  private static OptionalLong optional(@Nullable Long units) {
    return units == null || units < 0 ? OptionalLong.empty() : OptionalLong.of(units);
  }

  private static List<String> keys(List<KeySchemaElement> schema) {
    var names = new ArrayList<String>();
    for (KeySchemaElement key : schema) {
      names.add(key.keyType() == KeyType.HASH ? 0 : names.size(), key.attributeName());
    }
    return names;
  }

  private static List<IndexFacts> indexes(TableDescription table) {
    var indexes = new ArrayList<IndexFacts>();
    for (GlobalSecondaryIndexDescription index : table.globalSecondaryIndexes()) {
      indexes.add(
          index(
              index.indexName(),
              true,
              index.keySchema(),
              index.projection(),
              index.itemCount(),
              index.indexSizeBytes(),
              Optional.ofNullable(index.indexStatusAsString()),
              Optional.of(throughput(index))));
    }
    for (LocalSecondaryIndexDescription index : table.localSecondaryIndexes()) {
      indexes.add(
          index(
              index.indexName(),
              false,
              index.keySchema(),
              index.projection(),
              index.itemCount(),
              index.indexSizeBytes(),
              Optional.empty(),
              Optional.empty()));
    }
    return indexes;
  }

  private static IndexFacts index(
      String name,
      boolean isGlobal,
      List<KeySchemaElement> keys,
      Projection projection,
      @Nullable Long items,
      @Nullable Long bytes,
      Optional<String> status,
      Optional<Throughput> throughput) {
    return new IndexFacts(
        name,
        isGlobal,
        keys(keys),
        IndexFacts.Projection.valueOf(projection.projectionTypeAsString()),
        projection.nonKeyAttributes(),
        or0(items),
        or0(bytes),
        status,
        throughput);
  }

  private static int decreases(@Nullable ProvisionedThroughputDescription provisioned) {
    return provisioned == null || provisioned.numberOfDecreasesToday() == null
        ? 0
        : provisioned.numberOfDecreasesToday().intValue();
  }

  private static Optional<Instant> lastDecrease(
      @Nullable ProvisionedThroughputDescription provisioned) {
    return Optional.ofNullable(provisioned)
        .map(ProvisionedThroughputDescription::lastDecreaseDateTime)
        .filter(at -> at.isAfter(Instant.EPOCH)); // what DynamoDB Local says of never
  }

  private static String encryption(TableDescription table) {
    var encryption = table.sseDescription();
    if (encryption == null) {
      return "by DynamoDB's own key";
    }
    return encryption.sseTypeAsString()
        + (encryption.kmsMasterKeyArn() == null ? "" : ", " + encryption.kmsMasterKeyArn());
  }

  private static Optional<Stream> stream(TableDescription table) {
    var stream = table.streamSpecification();
    return stream == null || !Boolean.TRUE.equals(stream.streamEnabled())
        ? Optional.empty()
        : Optional.of(new Stream(table.latestStreamArn(), stream.streamViewTypeAsString()));
  }

  private Told<Optional<String>> expiry(String table) {
    return Asked.told(
        "dynamodb:DescribeTimeToLive",
        () -> {
          var expiry =
              dynamoDb
                  .describeTimeToLive(describe -> describe.tableName(table))
                  .timeToLiveDescription();
          return expiry.timeToLiveStatus() == TimeToLiveStatus.ENABLED
                  || expiry.timeToLiveStatus() == TimeToLiveStatus.ENABLING
              ? Optional.of(expiry.attributeName())
              : Optional.empty();
        });
  }

  private Told<Recovery> recovery(String table) {
    return Asked.told(
        "dynamodb:DescribeContinuousBackups",
        () -> {
          var recovery =
              dynamoDb
                  .describeContinuousBackups(describe -> describe.tableName(table))
                  .continuousBackupsDescription()
                  .pointInTimeRecoveryDescription();
          if (recovery == null) {
            return new Recovery(false, OptionalInt.empty(), Optional.empty());
          }
          return new Recovery(
              recovery.pointInTimeRecoveryStatus() == PointInTimeRecoveryStatus.ENABLED,
              recovery.recoveryPeriodInDays() == null
                  ? OptionalInt.empty()
                  : OptionalInt.of(recovery.recoveryPeriodInDays()),
              Optional.ofNullable(recovery.earliestRestorableDateTime()));
        });
  }

  private Told<List<String>> streamReaders(Optional<Stream> stream) {
    if (stream.isEmpty()) {
      return Told.of(List.of());
    }
    if (lambda.isEmpty()) {
      return notThere();
    }
    return Asked.told(
        "lambda:ListEventSourceMappings",
        () ->
            lambda
                .get()
                .listEventSourceMappingsPaginator(list -> list.eventSourceArn(stream.get().arn()))
                .eventSourceMappings()
                .stream()
                .map(mapping -> mapping.functionArn() + " (" + mapping.state() + ")")
                .toList());
  }

  private Told<List<String>> kinesisStreams(String table) {
    return Asked.told(
        "dynamodb:DescribeKinesisStreamingDestination",
        () ->
            dynamoDb
                .describeKinesisStreamingDestination(describe -> describe.tableName(table))
                .kinesisDataStreamDestinations()
                .stream()
                .filter(
                    to ->
                        to.destinationStatus() != DestinationStatus.DISABLED
                            && to.destinationStatus() != DestinationStatus.ENABLE_FAILED)
                .map(to -> to.streamArn())
                .toList());
  }

  private Told<List<Scaling>> scaling(String table, TableDescription described) {
    if (scaling.isEmpty()) {
      return Told.of(List.of());
    }
    return Asked.told(
        "application-autoscaling:DescribeScalableTargets",
        () -> {
          var request = JSON.createObjectNode().put("ServiceNamespace", "dynamodb");
          var resources = request.putArray("ResourceIds").add("table/" + table);
          described
              .globalSecondaryIndexes()
              .forEach(index -> resources.add("table/" + table + "/index/" + index.indexName()));
          return targets(
              scaling.get().call("DescribeScalableTargets", JSON.writeValueAsBytes(request)));
        });
  }

  private static List<Scaling> targets(byte[] answer) throws IOException {
    var targets = new ArrayList<Scaling>();
    for (JsonNode target : JSON.readTree(answer).path("ScalableTargets")) {
      var suspended = target.path("SuspendedState");
      targets.add(
          new Scaling(
              target.path("ResourceId").asText(),
              target.path("ScalableDimension").asText(),
              target.path("MinCapacity").asInt(),
              target.path("MaxCapacity").asInt(),
              suspended.path("DynamicScalingOutSuspended").asBoolean()));
    }
    return List.copyOf(targets);
  }

  private <T> Told<T> notThere() {
    return Told.unknown(connection.place() + " is not AWS's own, and does not tell");
  }

  @Override
  public void close() {
    dynamoDb.close();
    lambda.ifPresent(LambdaClient::close);
    scaling.ifPresent(ServiceCalls::close);
  }
}
