package dev.godwit.worker.bench;

import dev.godwit.migration.Migrations;
import dev.godwit.worker.PageListener;
import dev.godwit.worker.code.MigrationCode;
import dev.godwit.worker.dynamodb.DynamoDbDatabase;
import dev.godwit.worker.dynamodb.TestClients;
import dev.godwit.worker.lambda.Priming;
import dev.godwit.worker.lambda.SegmentWorkerHandler;
import dev.godwit.worker.lambda.WorkerSettings;
import dev.godwit.worker.record.FolderRecordStore;
import dev.godwit.worker.source.NoSourceFiles;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.PutRequest;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/**
 * Adds an attribute to every item of one segment, as the worker does it or as plain code with the
 * SDK does.
 */
final class WorkerBenchmark {
  private static final int IN_FLIGHT = 8;

  private WorkerBenchmark() {}

  /**
   * Arguments: {@code godwit}, {@code images} (the same, keeping before-images), {@code primed} (as
   * godwit, after what Lambda runs before it takes a snapshot) or {@code plain}; the endpoint; a
   * folder for records. Prints one line of figures.
   */
  public static void main(String[] arguments) throws Exception {
    var endpoint = URI.create(arguments[1]);
    if (arguments[0].equals("primed")) {
      Priming.run();
    }
    double startCpu = cpuSeconds();
    long began = System.nanoTime();
    long items =
        arguments[0].equals("plain")
            ? plain(endpoint)
            : godwit(endpoint, Path.of(arguments[2]), arguments[0].equals("images"));
    double wall = (System.nanoTime() - began) / 1e9;
    double cpu = cpuSeconds();
    var counts = counts(endpoint);
    System.out.printf(
        Locale.ROOT,
        "%-10s items=%d cpu_us_per_item=%.1f cpu_s=%.2f start_cpu_s=%.2f wall_s=%.2f items_per_s=%.0f requests_per_item=%.4f attempts_per_item=%.3f peak_rss_mb=%d%n",
        arguments[0],
        items,
        (cpu - startCpu) * 1e6 / items,
        cpu,
        startCpu,
        wall,
        items / wall,
        counts[0] / items,
        counts[1] / items,
        peakResidentMegabytes());
    System.exit(0);
  }

  /** Not by a bean of management: its classes alone take as much as a thousand items. */
  private static double cpuSeconds() {
    return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos() / 1e9;
  }

  /** Requests, and writes that were tried. */
  private static double[] counts(URI endpoint) throws IOException {
    try (var counts = endpoint.resolve("/counts").toURL().openStream()) {
      return Arrays.stream(new String(counts.readAllBytes(), StandardCharsets.UTF_8).split(" "))
          .mapToDouble(Double::parseDouble)
          .toArray();
    }
  }

  private static long godwit(URI endpoint, Path records, boolean images) throws IOException {
    try (var database = new DynamoDbDatabase(TestClients.of(endpoint), false)) {
      var handler =
          new SegmentWorkerHandler(
              new WorkerSettings(
                  Migrations.of(List.of(new AddAttribute())),
                  database,
                  database.rates(),
                  new FolderRecordStore(records),
                  NoSourceFiles.NONE,
                  IN_FLIGHT,
                  IN_FLIGHT,
                  PageListener.NONE));
      var result = new ByteArrayOutputStream();
      handler.handle(
          new ByteArrayInputStream(
              """
              {"runId":"bench","startedAt":"2026-11-20T00:00:00Z","tableName":"Birds","keys":["id"],
              "migration":"20261120-add-attribute","direction":"up","mode":"apply","guard":"read-set","segment":0,
              "totalSegments":1,"sliceSeconds":840,"itemFailuresAllowed":0,"parameters":{},"code":"%s",
              "keepBeforeImages":%s}"""
                  .formatted(new MigrationCode().digest(new AddAttribute()), images)
                  .getBytes(StandardCharsets.UTF_8)),
          result,
          () -> 900_000);
      var text = result.toString(StandardCharsets.UTF_8);
      return Long.parseLong(text.replaceAll(".*?\"updated\":(\\d+).*", "$1"));
    }
  }

  /** Scan, change the map, BatchWriteItem of the whole item: what one writes first, unguarded. */
  private static long plain(URI endpoint) {
    long items = 0;
    ExecutorService pool = Executors.newFixedThreadPool(IN_FLIGHT);
    try (var client = sdk(endpoint)) {
      Map<String, AttributeValue> cursor = null;
      do {
        var start = cursor;
        var page =
            client.scan(
                scan ->
                    scan.tableName("Birds").segment(0).totalSegments(1).exclusiveStartKey(start));
        var writes = new ArrayList<CompletableFuture<Void>>();
        var batch = new ArrayList<WriteRequest>();
        for (Map<String, AttributeValue> item : page.items()) {
          var changed = new HashMap<>(item);
          changed.put("updatedAt", AttributeValue.fromS("2026-11-20T00:00:00Z"));
          batch.add(
              WriteRequest.builder()
                  .putRequest(PutRequest.builder().item(changed).build())
                  .build());
          if (batch.size() == 25) {
            writes.add(write(client, List.copyOf(batch), pool));
            batch.clear();
          }
        }
        if (!batch.isEmpty()) {
          writes.add(write(client, List.copyOf(batch), pool));
        }
        writes.forEach(CompletableFuture::join);
        items += page.count();
        cursor = page.hasLastEvaluatedKey() ? page.lastEvaluatedKey() : null;
      } while (cursor != null);
    } finally {
      pool.shutdown();
    }
    return items;
  }

  private static DynamoDbClient sdk(URI endpoint) {
    return DynamoDbClient.builder()
        .endpointOverride(endpoint)
        .region(Region.US_EAST_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
        .httpClientBuilder(Apache5HttpClient.builder())
        .build();
  }

  private static CompletableFuture<Void> write(
      DynamoDbClient client, List<WriteRequest> batch, ExecutorService pool) {
    return CompletableFuture.runAsync(
        () -> client.batchWriteItem(request -> request.requestItems(Map.of("Birds", batch))), pool);
  }

  private static long peakResidentMegabytes() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
        .findFirst()
        .orElse(0);
  }
}
