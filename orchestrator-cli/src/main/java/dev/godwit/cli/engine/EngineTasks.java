package dev.godwit.cli.engine;

import dev.godwit.asl.Engine;
import dev.godwit.asl.TaskFailure;
import dev.godwit.asl.TaskPort;
import dev.godwit.cli.table.DynamoDbConnection;
import dev.godwit.cli.table.ServiceCalls;
import java.util.Map;
import java.util.Optional;

/**
 * What the definitions call on this machine, whichever of them it is, and what they are filled in
 * with. Holds connections open.
 */
interface EngineTasks extends AutoCloseable {
  String WORKER_FUNCTION = "godwit-worker";
  String RESULTS_BUCKET = "results";

  /** {@code builder} with all tasks but the worker's. */
  Engine.Builder on(Engine.Builder builder);

  @Override
  void close();

  /** The definitions' substitutions, by name. */
  static Map<String, String> substitutions(String ledgerTable) {
    return Map.of(
        "Partition",
        "aws",
        "WorkerFunction",
        WORKER_FUNCTION,
        "WorkerFunctionName",
        WORKER_FUNCTION,
        "LedgerTable",
        ledgerTable,
        "ResultsBucket",
        RESULTS_BUCKET,
        "NotificationTopic",
        "");
  }

  /** Those that reach a DynamoDB, and the auto scaling of its tables. */
  static EngineTasks over(DynamoDbConnection connection) {
    return new EngineTasks() {
      private final ServiceCalls wire = ServiceCalls.over(connection);
      private final Optional<ServiceCalls> scaling = ServiceCalls.ofScalingBeside(connection);

      @Override
      public Engine.Builder on(Engine.Builder builder) {
        return builder
            .task(DynamoDbTask.RESOURCE_PREFIX, new DynamoDbTask(wire))
            .task(AutoScalingTask.RESOURCE_PREFIX, new AutoScalingTask(scaling))
            .task("aws-sdk:sns:", noTopic())
            .task("aws-sdk:lambda:", WorkerTask.NO_ALIASES);
      }

      @Override
      public void close() {
        wire.close();
        scaling.ifPresent(ServiceCalls::close);
      }
    };
  }

  /** The definitions publish only to a topic, and here none is substituted. */
  private static TaskPort noTopic() {
    return call -> {
      throw new TaskFailure("Sns.NotFoundException", "Runs on this machine have no topic.");
    };
  }
}
