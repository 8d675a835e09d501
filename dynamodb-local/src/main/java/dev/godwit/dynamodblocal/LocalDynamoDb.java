package dev.godwit.dynamodblocal;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.handler.ContextHandler;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBRequestHandler;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBServerHandler;

/**
 * DynamoDB Local, served over HTTP from this process.
 *
 * <p>Every client sees the same tables, whatever its credentials and region. Thread-safe.
 */
public final class LocalDynamoDb implements AutoCloseable {
  private static final int ANY_PORT = 0;

  private final Server server;
  private final LocalDynamoDBServerHandler handler;
  private final URI endpoint;

  private LocalDynamoDb(Server server, LocalDynamoDBServerHandler handler) {
    this.server = server;
    this.handler = handler;
    this.endpoint = URI.create("http://127.0.0.1:" + server.getURI().getPort());
  }

  /** Serves an empty database, held in memory, on a free port. */
  public static LocalDynamoDb inMemory() {
    return start(ANY_PORT, null);
  }

  /**
   * Serves an empty database, held in memory, on {@code port}.
   *
   * @throws IllegalStateException when the port is taken
   */
  public static LocalDynamoDb inMemory(int port) {
    return start(port, null);
  }

  /** Serves the database in {@code directory}, which must exist, on a free port. */
  public static LocalDynamoDb onDisk(Path directory) {
    return start(ANY_PORT, directory);
  }

  private static LocalDynamoDb start(int port, @Nullable Path directory) {
    // Its jar carries a log4j2.xml that logs every request; ours is silent unless someone chose
    // another.
    if (System.getProperty("log4j2.configurationFile") == null) {
      System.setProperty("log4j2.configurationFile", "dev/godwit/dynamodblocal/log4j2-quiet.xml");
    }
    var requests =
        new LocalDynamoDBRequestHandler(
            0, directory == null, directory == null ? null : directory.toString(), true, false);
    var handler = new LocalDynamoDBServerHandler(requests, null);
    // Not its own DynamoDBProxyServer, which listens on every interface of the machine, and says
    // nothing to its caller when the port is taken.
    var server = new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    server.setHandler(new ContextHandler(handler, "/"));
    try {
      server.start();
    } catch (Exception e) {
      handler.close();
      throw new IllegalStateException(
          "DynamoDB Local could not start on port " + port + ": " + e.getMessage(), e);
    }
    return new LocalDynamoDb(server, handler);
  }

  /** Where it listens, on this machine only, for example {@code http://127.0.0.1:8000}. */
  public URI endpoint() {
    return endpoint;
  }

  /** A plain SDK client to it, for making tables and for looking at what a run has left. */
  public DynamoDbClient client() {
    return DynamoDbClient.builder()
        .endpointOverride(endpoint())
        .region(Region.US_EAST_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
        .httpClient(UrlConnectionHttpClient.create())
        .build();
  }

  /**
   * Makes an on-demand table.
   *
   * @param keys the partition key, then perhaps the sort key; each a name, or a name and a type as
   *     in {@code "id:N"} (S, N or B; S when left out)
   */
  public void createTable(String table, String... keys) {
    var schema = new ArrayList<KeySchemaElement>();
    var attributes = new ArrayList<AttributeDefinition>();
    for (String key : keys) {
      int colon = key.lastIndexOf(':');
      var name = colon < 0 ? key : key.substring(0, colon);
      var type = colon < 0 ? "S" : key.substring(colon + 1);
      var role = schema.isEmpty() ? KeyType.HASH : KeyType.RANGE;
      schema.add(KeySchemaElement.builder().attributeName(name).keyType(role).build());
      attributes.add(AttributeDefinition.builder().attributeName(name).attributeType(type).build());
    }
    try (var client = client()) {
      client.createTable(
          request ->
              request
                  .tableName(table)
                  .billingMode(BillingMode.PAY_PER_REQUEST)
                  .keySchema(schema)
                  .attributeDefinitions(attributes));
    }
  }

  /** Stops serving; what was held in memory is gone. */
  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("DynamoDB Local did not stop: " + e.getMessage(), e);
    } finally {
      handler.close();
    }
  }
}
