package dev.godwit.cli.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.cli.Godwit;
import dev.godwit.cli.NoAws;
import dev.godwit.cli.TestScreen;
import dev.godwit.cli.engine.EmbeddedEngines;
import dev.godwit.cli.launch.Interrupts;
import dev.godwit.cli.lifecycle.Waiting;
import dev.godwit.cli.run.StopSignal;
import dev.godwit.dynamodblocal.LocalDynamoDb;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** Exports that DynamoDB makes, with canned answers of the service, and a real ledger. */
class PointInTimeExportTest {
  private static final LocalDynamoDb DYNAMO_DB = LocalDynamoDb.inMemory();
  private static final String ID = "20261126-users-by-mail";

  @TempDir Path folder;
  private final ExportingDynamoDb aws = new ExportingDynamoDb(DYNAMO_DB);
  private TestScreen screen = TestScreen.plain();
  private int stopAfterPauses = Integer.MAX_VALUE;
  private final List<Duration> pauses = new ArrayList<>();

  /** Time that passes only while somebody waits. */
  private final Waiting waiting =
      new Waiting() {
        private Instant now = Instant.parse("2026-11-26T12:00:00Z");

        @Override
        public Instant now() {
          return now;
        }

        @Override
        public void pause(Duration longest, StopSignal stop) {
          now = now.plus(longest);
          pauses.add(longest);
          if (pauses.size() >= stopAfterPauses) {
            stop.stop();
          }
        }
      };

  @BeforeAll
  static void makeTable() {
    DYNAMO_DB.createTable("Users", "id");
  }

  @BeforeEach
  void forgetTheLedger() {
    try (DynamoDbClient client = DYNAMO_DB.client()) {
      if (client.listTables().tableNames().contains("godwit-ledger")) {
        client.deleteTable(delete -> delete.tableName("godwit-ledger"));
      }
    }
  }

  @AfterEach
  void closeAws() {
    aws.close();
  }

  @AfterAll
  static void stop() {
    DYNAMO_DB.close();
  }

  private int export(String... more) {
    screen = TestScreen.plain();
    pauses.clear();
    var interrupts =
        new Interrupts() {
          @Override
          public <T> T during(StopSignal stop, Supplier<T> work) {
            return work.get();
          }
        };
    var command =
        new CommandLine(
            new ExportCommand(
                screen.screen(), new EmbeddedEngines(), new NoAws(), interrupts, waiting));
    command.setExecutionExceptionHandler(
        (e, at, parsed) -> {
          screen.screen().err().println(e.getMessage());
          return e instanceof dev.godwit.cli.console.CommandFailed failed
              ? failed.exitCode().code()
              : 70;
        });
    var arguments = new ArrayList<>(List.of("--table=Users", "--point-in-time"));
    arguments.addAll(place());
    arguments.addAll(List.of(more));
    return command.execute(arguments.toArray(String[]::new));
  }

  private List<String> place() {
    return List.of(
        "--local",
        "--results=" + folder.resolve("runs"),
        "--region=us-east-1",
        "--endpoint-url=" + aws.endpoint());
  }

  /** The whole command, as a user has it. */
  private int godwit(String... arguments) {
    screen = TestScreen.plain();
    var all = new ArrayList<>(List.of(arguments));
    all.addAll(place());
    return new Godwit(
            screen.screen(),
            Map.of(),
            new EmbeddedEngines(),
            new NoAws(),
            new Interrupts() {
              @Override
              public <T> T during(StopSignal stop, Supplier<T> work) {
                return work.get();
              }
            })
        .execute(all.toArray(String[]::new));
  }

  @Test
  void export_thatIsMade_isToldWithTheCommandThatTakesIt() {
    aws.then(
        "IN_PROGRESS", "BUSY", "BUSY", "IN_PROGRESS", "IN_PROGRESS", "IN_PROGRESS", "COMPLETED");

    assertThat(export("--to=s3://ours/some/where/", "--export-time=2026-11-25T10:00:00Z"))
        .as(screen.err())
        .isZero();

    var asked = aws.asked.get(0);
    assertThat(asked.get("ExportFormat").asText()).isEqualTo("DYNAMODB_JSON");
    assertThat(asked.get("S3Bucket").asText()).isEqualTo("ours");
    assertThat(asked.get("S3Prefix").asText()).isEqualTo("some/where");
    assertThat(asked.get("ExportTime").asLong()).isEqualTo(1764064800L + 31536000L);
    assertThat(asked.get("TableArn").asText()).endsWith(":table/Users");
    assertThat(asked.get("ClientToken").asText()).hasSize(32);
    assertThat(pauses.stream().map(Duration::toSeconds)).containsExactly(2L, 4L, 8L, 16L, 30L);
    assertThat(screen.out())
        .containsPattern("export +arn:aws:dynamodb:.*:table/Users/export/0169-")
        .containsPattern("status +COMPLETED")
        .containsPattern("items +1,000")
        .containsPattern("in +s3://ours/exports/AWSDynamoDB/0169-\\w+/manifest-summary.json");
    assertThat(screen.err())
        .contains("DynamoDB does not answer (ThrottlingException")
        .contains("In progress, watched for 0:14")
        .contains("godwit run --local --endpoint-url " + aws.endpoint())
        .contains("--table Users --migration ID --source arn:aws:dynamodb:");
  }

  @Test
  void export_leftWithCtrlC_goesOnAndIsFoundByTheSameCommand() {
    stopAfterPauses = 2;
    assertThat(export("--to=s3://ours/x")).isEqualTo(130);
    assertThat(screen.err()).contains("The export goes on").contains("The same command");
    assertThat(screen.out()).containsPattern("status +IN_PROGRESS");

    stopAfterPauses = Integer.MAX_VALUE;
    aws.then("COMPLETED");
    assertThat(export("--to=s3://ours/x")).as(screen.err()).isZero();

    assertThat(screen.err()).contains("No second one is begun");
    assertThat(aws.asked).hasSize(1);
    assertThat(export("--to=s3://ours/x")).isZero();
    assertThat(aws.asked).as("one that is there is not for the next who asks").hasSize(2);
  }

  @Test
  void export_whoseDeadlinePasses_isLeftAndSaysSo() {
    assertThat(export("--to=s3://ours/x", "--deadline-minutes=1")).isEqualTo(3);

    assertThat(screen.err()).contains("it was not there after 1:00");
    assertThat(pauses.stream().mapToLong(Duration::toSeconds).sum()).isEqualTo(60);
  }

  @Test
  void export_forAMigration_isMadeOnceAndKnownToTheHistoryAndToRuns() {
    assertThat(godwit("run", "--table=Users", "--migration=" + ID, "--source=export:" + ID))
        .isEqualTo(2);
    assertThat(screen.err()).contains("The ledger knows no export for " + ID);
    aws.then("COMPLETED");

    assertThat(export("--to=s3://ours/x", "--migration=" + ID)).as(screen.err()).isZero();
    assertThat(export("--migration=" + ID, "--to=s3://ours/x/")).isZero();
    assertThat(screen.err()).contains("Found: exported since").contains("No second one is begun");
    assertThat(aws.asked).hasSize(1);
    assertThat(export("--migration=" + ID, "--to=s3://theirs/x")).isEqualTo(2);
    assertThat(screen.err()).contains("is there already, to s3://ours/x/").contains("add --again");
    assertThat(export("--migration=" + ID, "--to=s3://theirs/x", "--again")).isZero();
    assertThat(aws.asked).hasSize(2);

    assertThat(godwit("history", "--table=Users")).isZero();
    assertThat(screen.out()).containsPattern(ID + " +COMPLETED +1,000").contains("export/0169-");
    assertThat(godwit("history", "--table=Users", "--output=json")).isZero();
    assertThat(screen.out().lines())
        .hasSize(2)
        .allMatch(line -> line.contains("\"exportArn\":\"arn:aws:dynamodb:"))
        .noneMatch(line -> line.contains("token"));
  }

  @Test
  void export_olderThanADay_isMadeAnewAndSaysSo() {
    aws.then("COMPLETED");
    assertThat(export("--to=s3://ours/x", "--migration=" + ID)).as(screen.err()).isZero();
    waiting.pause(Duration.ofHours(25), new StopSignal());

    assertThat(export("--to=s3://ours/x", "--migration=" + ID)).isZero();

    assertThat(screen.err()).contains("The last one is older than 24 hours. Another is begun.");
    assertThat(aws.asked).hasSize(2);
  }

  @Test
  void export_whoseAnswerWasLost_isAskedForAgainUnderItsToken() {
    aws.loseAnswers(true);
    assertThat(export("--to=s3://ours/x", "--migration=" + ID)).isEqualTo(3);
    assertThat(screen.err()).contains("is not known (").contains("begins no second one");

    aws.loseAnswers(false);
    aws.then("COMPLETED");
    assertThat(export("--to=s3://ours/x", "--migration=" + ID)).as(screen.err()).isZero();

    assertThat(aws.asked.stream().map(request -> request.get("ClientToken").asText()).distinct())
        .hasSize(1);
  }

  @Test
  void export_whoseAnswerWasLostLongAgo_isBegunAnewAndSaysSo() {
    aws.loseAnswers(true);
    assertThat(export("--to=s3://ours/x", "--migration=" + ID)).isEqualTo(3);
    waiting.pause(Duration.ofHours(9), new StopSignal());

    aws.loseAnswers(false);
    aws.then("COMPLETED");
    assertThat(export("--to=s3://ours/x", "--migration=" + ID)).isZero();

    assertThat(screen.err()).contains("is not known any more. Another is begun");
    assertThat(aws.asked.stream().map(request -> request.get("ClientToken").asText()).distinct())
        .hasSize(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "PointInTimeRecoveryUnavailableException|Point-in-time recovery of Users is off",
        "InvalidExportTimeException|the time has to be between",
        "LimitExceededException|export again when others have ended",
        "ExportConflictException|a conflict over the bucket, or over the same token (as AWS says it)",
        "TableNotFoundException|There is no table Users",
        "AccessDeniedException|it takes dynamodb:ExportTableToPointInTime on the table, and s3:PutObject",
        "ValidationException|refuses to export Users to s3://ours/x/ (ValidationException: as AWS says it)",
      })
  void export_thatIsRefused_saysWhyAndLeavesTheWayFree(String error, String said) {
    aws.refuse(Optional.of(error));

    assertThat(export("--to=s3://ours/x", "--migration=" + ID)).isEqualTo(2);
    assertThat(screen.err()).contains(said).contains("Nothing was begun").hasLineCount(1);
    assertThat(godwit("run", "--table=Users", "--migration=" + ID, "--source=export:" + ID))
        .isEqualTo(2);
    assertThat(screen.err()).contains("There is no export for " + ID);

    aws.refuse(Optional.empty());
    aws.then("COMPLETED");
    assertThat(export("--to=s3://ours/x", "--migration=" + ID)).as(screen.err()).isZero();
    assertThat(aws.asked.get(0).get("ClientToken"))
        .isNotEqualTo(aws.asked.get(1).get("ClientToken"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "FAILED S3NoSuchBucket|there is no such bucket",
        "FAILED S3AccessDenied|needs s3:PutObject",
        "FAILED UNKNOWN|has failed (UNKNOWN: as AWS says it)",
        "FAILED|has failed (no code)",
        "FORGOTTEN|any more",
      })
  void export_thatFails_saysWhyAndTheNextIsAnother(String state, String said) {
    aws.then("IN_PROGRESS", state);

    assertThat(export("--to=s3://ours/x", "--migration=" + ID)).isEqualTo(1);
    assertThat(screen.err()).contains(said).contains("Export again: the same command");
    assertThat(godwit("run", "--table=Users", "--migration=" + ID, "--source=export:" + ID))
        .isEqualTo(2);
    assertThat(screen.err()).contains("There is no export for " + ID).contains(said);

    aws.then("COMPLETED");
    assertThat(export("--to=s3://ours/x", "--migration=" + ID)).isZero();
    assertThat(screen.err()).contains("The last one: ").contains(said);
  }

  @Test
  void run_fromAnExportThatIsUnderWay_isRefusedUntilItIsThere() {
    stopAfterPauses = 1;
    export("--to=s3://ours/x", "--migration=" + ID);

    assertThat(godwit("run", "--table=Users", "--migration=" + ID, "--source=export:" + ID))
        .isEqualTo(2);
    assertThat(screen.err()).contains("is IN_PROGRESS, not COMPLETED");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "|Say where in S3 the export is to go",
        "--to=users.jsonl|to S3 only: write --to s3://BUCKET/PREFIX",
        "--to=s3://X/|to S3 only",
        "--to=s3://ours/x --export-time=yesterday|a time in UTC",
        "--to=s3://ours/x --filter=a|whole tables",
        "--to=s3://ours/x --resume=r|is no run",
        "--to=s3://ours/x --deadline-minutes=0|at least 1",
        "--to=s3://ours/x --migration=a#b|is not a migration's id",
      })
  void export_whatCannotBe_isRefusedAndNothingIsBegun(String options, String said) {
    assertThat(export(options == null ? new String[0] : options.split(" "))).isEqualTo(2);

    assertThat(screen.err()).contains(said).contains("Nothing was begun");
    assertThat(aws.asked).isEmpty();
  }

  @Test
  void export_withItsOptionsButNotThat_isRefused() {
    assertThat(godwit("export", "--table=Users", "--again", "--to=x")).isEqualTo(2);
    assertThat(screen.err()).contains("add --point-in-time");
    assertThat(godwit("export", "--table=Users")).isEqualTo(2);
    assertThat(screen.err()).contains("with --to FILE");
  }
}
