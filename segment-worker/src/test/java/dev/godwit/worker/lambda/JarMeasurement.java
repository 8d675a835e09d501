package dev.godwit.worker.lambda;

import dev.godwit.dynamodblocal.LocalDynamoDb;
import dev.godwit.lambdalocal.LambdaEnvironment;
import dev.godwit.migration.Item;
import dev.godwit.worker.dynamodb.LocalTable;
import dev.godwit.worker.lambda.layer.AddColour;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * How large the worker's jar is, and how long it takes to begin: initialized as for a snapshot,
 * hooks and priming included, and as without one.
 *
 * <p>A process stands for an execution environment in both. Restoring a snapshot is Lambda's and is
 * not measured; what is measured is how warm the code is that comes out of it.
 */
final class JarMeasurement {
  private static final int ITEMS = 100;
  private static final Duration PLENTY = Duration.ofSeconds(60);

  private JarMeasurement() {}

  /** What is measured of one environment. */
  private enum Part {
    INIT("until it is initialized"),
    FIRST("its first slice, of " + ITEMS + " items"),
    WARM("its second slice, of the same");

    private final String meaning;

    Part(String meaning) {
      this.meaning = meaning;
    }
  }

  /** A JDK and how Lambda would start it. */
  private record Java(Path jdk, boolean snapStart) {
    /** The first Java whose JVM Lambda leaves both compilers, with SnapStart. */
    private static final int BOTH_COMPILERS = 25;

    static List<Java> of(Path jdk) {
      return List.of(new Java(jdk, true), new Java(jdk, false));
    }

    String told() {
      return "Java " + feature() + (snapStart ? ", primed" : ", not primed");
    }

    List<String> options() {
      return snapStart && feature() >= BOTH_COMPILERS
          ? List.of()
          : LambdaEnvironment.FIRST_COMPILER;
    }

    private int feature() {
      try {
        var release = Files.readString(jdk.resolve("release"));
        return Integer.parseInt(release.replaceAll("(?s).*JAVA_VERSION=\"(\\d+).*", "$1"));
      } catch (IOException e) {
        throw new UncheckedIOException(jdk + " is no JDK", e);
      }
    }
  }

  /** Wall and processor milliseconds. */
  private record Cost(double wall, double cpu) {}

  /** Arguments: how many pairs, and the JDKs; this one if none is named. Prints a table. */
  public static void main(String[] arguments) throws Exception {
    int pairs = Integer.parseInt(arguments[0]);
    size(Path.of(Objects.requireNonNull(System.getProperty("godwit.lambda.jar"))));
    var jdks =
        arguments.length == 1
            ? List.of(Path.of(System.getProperty("java.home")))
            : Stream.of(arguments).skip(1).map(Path::of).toList();
    var ways = jdks.stream().flatMap(jdk -> Java.of(jdk).stream()).toList();
    Map<Java, Map<Part, List<Cost>>> all = new HashMap<>();
    try (var server = LocalDynamoDb.inMemory();
        var bucket = new FakeBucket()) {
      var table = LocalTable.create(server, "Birds", "id");
      environment(server, bucket, table, ways.get(0)); // warms up DynamoDB Local
      for (int i = 0; i < pairs; i++) {
        for (Java way : ways) {
          var costs = environment(server, bucket, table, way);
          costs.forEach(
              (part, cost) ->
                  all.computeIfAbsent(way, any -> new EnumMap<>(Part.class))
                      .computeIfAbsent(part, any -> new ArrayList<>())
                      .add(cost));
        }
      }
    }
    for (Part part : Part.values()) {
      System.out.printf("%s%n", part.meaning);
      for (Java way : ways) {
        print(way.told(), all.getOrDefault(way, Map.of()), part);
      }
    }
    System.exit(0);
  }

  private static void size(Path jar) throws IOException {
    try (var file = new JarFile(jar.toFile())) {
      long classes = file.stream().filter(e -> e.getName().endsWith(".class")).count();
      long unpacked = file.stream().mapToLong(e -> Math.max(0, e.getSize())).sum();
      System.out.printf(
          Locale.ROOT,
          "%s: %,d bytes, %,d unpacked, %,d classes%n",
          jar.getFileName(),
          Files.size(jar),
          unpacked,
          classes);
    }
  }

  private static Map<Part, Cost> environment(
      LocalDynamoDb server, FakeBucket bucket, LocalTable table, Java java)
      throws IOException, InterruptedException {
    for (int i = 0; i < ITEMS; i++) {
      table.put(Item.empty().with("id", "bird-" + i));
    }
    var folder = Files.createTempDirectory("godwit-measure");
    var layer = LayerJar.of(folder.resolve("migrations.jar"), AddColour.class);
    var costs = new EnumMap<Part, Cost>(Part.class);
    long began = System.nanoTime();
    try (var environment =
        WorkerEnvironment.start(
            java.jdk(),
            java.options(),
            folder,
            List.of(layer),
            Map.of(
                LambdaEnvironment.INITIALIZATION,
                java.snapStart() ? "snap-start" : "on-demand",
                "RESULTS_BUCKET",
                "results",
                "AWS_ENDPOINT_URL_DYNAMODB",
                server.endpoint().toString(),
                "AWS_ENDPOINT_URL_S3",
                bucket.endpoint(),
                "AWS_ACCESS_KEY_ID",
                "local",
                "AWS_SECRET_ACCESS_KEY",
                "local"))) {
      costs.put(Part.INIT, new Cost(millisSince(began), millis(environment.cpu())));
      environment.restore();
      var code = code(environment);
      costs.put(Part.FIRST, slice(environment, code));
      costs.put(Part.WARM, slice(environment, code));
    }
    return costs;
  }

  /** Asked for before a run's first slice, as the state machine does. */
  private static String code(LambdaEnvironment environment) throws InterruptedException {
    var woken =
        environment.invoke(
            """
            {"wake":{"runId":"measure","tableName":"Birds","migration":"20261120-add-colour",
            "direction":"up"}}""",
            PLENTY);
    return woken.body().replaceAll(".*\"code\":\"([0-9a-f]+)\".*", "$1");
  }

  private static Cost slice(LambdaEnvironment environment, String code)
      throws InterruptedException {
    var before = environment.cpu();
    long began = System.nanoTime();
    var answer =
        environment.invoke(
            """
            {"runId":"measure","startedAt":"2026-11-20T09:30:00Z","tableName":"Birds","keys":["id"],
            "migration":"20261120-add-colour","direction":"up","mode":"apply","guard":"read-set",
            "segment":0,"totalSegments":1,"sliceSeconds":240,"itemFailuresAllowed":0,"parameters":{},"code":"%s"}"""
                .formatted(code),
            PLENTY);
    double wall = millisSince(began);
    if (answer.isError()) {
      throw new AssertionError(answer.body());
    }
    return new Cost(wall, millis(environment.cpu().minus(before)));
  }

  private static double millisSince(long nanos) {
    return (System.nanoTime() - nanos) / 1e6;
  }

  private static double millis(Duration duration) {
    return duration.toNanos() / 1e6;
  }

  private static void print(String way, Map<Part, List<Cost>> costs, Part part) {
    var measured = costs.getOrDefault(part, List.of());
    System.out.printf(
        "  %-19s wall %s   cpu %s%n",
        way,
        spread(measured.stream().map(Cost::wall).toList()),
        spread(measured.stream().map(Cost::cpu).toList()));
  }

  private static String spread(List<Double> values) {
    var sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    return String.format(
        Locale.ROOT,
        "%,6.0f ms (%,.0f to %,.0f)",
        sorted.get(sorted.size() / 2),
        sorted.get(0),
        sorted.get(sorted.size() - 1));
  }
}
