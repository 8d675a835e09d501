package dev.godwit.junit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.dynamodblocal.LocalDynamoDb;
import dev.godwit.migration.DynamoDbJson;
import dev.godwit.worker.wire.JsonService;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;

/** One test's DynamoDB Local, and a folder for what its runs leave. */
final class Database implements AutoCloseable {
  static final ObjectMapper JSON = new ObjectMapper(DynamoDbJson.parsers());

  private static final String JETTYS_LEVEL = "org.slf4j.simpleLogger.log.org.eclipse.jetty";
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private final LocalDynamoDb served;
  private final JsonService service;
  private final Path folder;
  private int runs;

  private Database(LocalDynamoDb served, JsonService service, Path folder) {
    this.served = served;
    this.service = service;
    this.folder = folder;
  }

  static Database open() {
    // Of its server only what goes wrong, unless somebody wants more.
    if (System.getProperty(JETTYS_LEVEL) == null) {
      System.setProperty(JETTYS_LEVEL, "warn");
    }
    try {
      var folder = Files.createTempDirectory("godwit-test");
      var served = LocalDynamoDb.inMemory();
      return new Database(
          served,
          JsonService.dynamoDb(
              Optional.of(served.endpoint()),
              Region.US_EAST_1,
              StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local"))),
          folder);
    } catch (IOException e) {
      throw new UncheckedIOException("There is no place for what runs leave", e);
    }
  }

  void createTable(String name, String... keys) {
    served.createTable(name, keys);
  }

  JsonService service() {
    return service;
  }

  /** Where records of runs go. */
  Path folder() {
    return folder;
  }

  /** Another for each run. */
  synchronized String nextRunId() {
    runs++;
    return "run-" + runs;
  }

  /** Calls {@code operation} with its own JSON. */
  JsonNode call(String operation, JsonNode body) {
    try {
      return JSON.readTree(service.call(operation, JSON.writeValueAsBytes(body), LONGEST));
    } catch (IOException e) {
      throw new UncheckedIOException("DynamoDB Local answers no JSON", e);
    }
  }

  /** The database and all that runs have left are gone. */
  @Override
  public void close() throws IOException {
    service.close();
    served.close();
    try (var all = Files.walk(folder)) {
      for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
