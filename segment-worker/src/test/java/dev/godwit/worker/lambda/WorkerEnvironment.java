package dev.godwit.worker.lambda;

import dev.godwit.lambdalocal.LambdaEnvironment;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The worker's own jar in an environment of Lambda's. */
final class WorkerEnvironment {
  private WorkerEnvironment() {}

  /**
   * Starts one; see {@link LambdaEnvironment#start}.
   *
   * @param layer jars of a layer
   */
  static LambdaEnvironment start(Path folder, List<Path> layer, Map<String, String> variables)
      throws IOException, InterruptedException {
    return start(
        Path.of(System.getProperty("java.home")),
        LambdaEnvironment.FIRST_COMPILER,
        folder,
        layer,
        variables);
  }

  /** As the other, on another Java. */
  static LambdaEnvironment start(
      Path jdk, List<String> options, Path folder, List<Path> layer, Map<String, String> variables)
      throws IOException, InterruptedException {
    var jars = new ArrayList<Path>();
    jars.add(
        Path.of(
            Objects.requireNonNull(System.getProperty("godwit.lambda.jar"), "run by mvn verify")));
    jars.addAll(layer);
    return LambdaEnvironment.start(
        jdk,
        options,
        folder,
        "segment-worker",
        jars,
        SegmentWorkerHandler.class.getName() + "::handleRequest",
        variables);
  }
}
