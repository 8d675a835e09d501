package dev.godwit.cli.launch;

import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.cli.stage.StageOption;
import dev.godwit.cli.table.DynamoDbConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of whatever starts runs over users' tables: where, how, and in which ledger. */
public final class StartOptions {
  @Option(names = "--local", description = "Run on this machine, not on AWS Step Functions.")
  private boolean here;

  @Option(
      names = "--sfn-arn",
      paramLabel = "ARN",
      description = "The state machine to run on, on AWS. Default: none; variable: SFN_ARN.")
  private @Nullable String stateMachineArn;

  @Option(
      names = "--ledger",
      paramLabel = "NAME",
      description =
          "The ledger of a run on this machine. Default: that of the deployment which owns the table, else godwit-ledger.")
  private @Nullable String ledger;

  @Option(
      names = "--yes",
      description =
          "Do not ask whether to go on when no item seems to have the attribute of --guard version:ATTRIBUTE.")
  private boolean yes;

  @Mixin private StageOption stage = new StageOption();
  @Mixin private PrewarmOptions prewarm = new PrewarmOptions();
  @Mixin private ConnectionOptions connection = new ConnectionOptions();
  @Mixin private LocalOptions local = new LocalOptions();
  @Mixin private RunOptions run = new RunOptions();

  /**
   * The state machine to run on; empty to run on this machine.
   *
   * @throws CommandFailed when neither was said
   */
  public Optional<String> stateMachineArn() {
    var arn = stage.stateMachine(stateMachineArn, here);
    if (arn.isEmpty() && !here && !stage.isHere()) {
      throw new CommandFailed(
          ExitCode.BAD_USAGE,
          "Say where to run: add --local to run on this machine, or give the state machine's --sfn-arn (variable SFN_ARN) to run on AWS");
    }
    return arn;
  }

  /** The same, where a run on this machine is meant when nothing was said. */
  Optional<String> stateMachineIfSaid() {
    return stage.stateMachine(stateMachineArn, here);
  }

  /** Where DynamoDB answers in {@code region}. */
  DynamoDbConnection connectionIn(String region) {
    return connection.connectionIn(stage, region);
  }

  /** What was said of where, as words of a command. */
  List<String> words() {
    var words = new ArrayList<String>();
    stateMachineIfSaid()
        .ifPresentOrElse(arn -> words.add("--sfn-arn " + arn), () -> words.add("--local"));
    words.addAll(connection.words());
    ledger().ifPresent(name -> words.add("--ledger " + name));
    return words;
  }

  /** The stage, if one was named. */
  public StageOption stage() {
    return stage;
  }

  DynamoDbConnection connection() {
    return connection.connection(stage);
  }

  Optional<String> ledger() {
    return Optional.ofNullable(ledger);
  }

  /** Whether its user agrees beforehand to what would be asked. */
  boolean agreed() {
    return yes;
  }

  PrewarmOptions prewarm() {
    return prewarm;
  }

  public LocalOptions local() {
    return local;
  }

  RunOptions run() {
    return run;
  }
}
