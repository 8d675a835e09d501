package dev.godwit.cli.operate;

import dev.godwit.cli.Godwit;
import dev.godwit.cli.NoAws;
import dev.godwit.cli.TestScreen;
import dev.godwit.cli.engine.EmbeddedEngines;
import dev.godwit.cli.launch.Interrupts;
import dev.godwit.cli.lifecycle.StateMachines;
import dev.godwit.cli.run.StopSignal;
import dev.godwit.dynamodblocal.LocalDynamoDb;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Commands of a user who has a folder of migrations, over a DynamoDB Local. */
final class Commands {
  private static final Interrupts NEVER =
      new Interrupts() {
        @Override
        public <T> T during(StopSignal stop, Supplier<T> work) {
          return work.get();
        }
      };

  private final LocalDynamoDb dynamoDb;
  private final Path home;
  private final StateMachines aws;

  Commands(LocalDynamoDb dynamoDb, Path home) {
    this(dynamoDb, home, new NoAws());
  }

  Commands(LocalDynamoDb dynamoDb, Path home, StateMachines aws) {
    this.dynamoDb = dynamoDb;
    this.home = home;
    this.aws = aws;
  }

  /** What a command has said, and its exit code. */
  record Said(int exit, String out, String err) {
    /** The rows of its table, without its head, one bar between columns. */
    List<String> rows() {
      return out.lines().skip(1).map(line -> line.strip().replaceAll(" {2,}", " | ")).toList();
    }
  }

  Path migrations() {
    return home.resolve("migrations");
  }

  Path results() {
    return home.resolve("results");
  }

  /** One that asks for migrations, too. */
  Said godwit(String command, String... more) {
    var all = new ArrayList<>(List.of(more));
    all.add("--migrations=" + migrations());
    return looking(command, all.toArray(String[]::new));
  }

  Said looking(String command, String... more) {
    var all = new ArrayList<>(List.of(command));
    all.add("--region=us-east-1");
    all.add("--endpoint-url=" + dynamoDb.endpoint());
    all.add("--results=" + results());
    all.addAll(List.of(more));
    return exactly(all.toArray(String[]::new));
  }

  Said exactly(String... arguments) {
    var screen = TestScreen.plain();
    int exit =
        new Godwit(screen.screen(), Map.of(), new EmbeddedEngines(), aws, NEVER).execute(arguments);
    return new Said(exit, screen.out(), screen.err());
  }
}
