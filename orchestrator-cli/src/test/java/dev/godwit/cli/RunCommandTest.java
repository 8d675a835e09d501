package dev.godwit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.cli.launch.Interrupts;
import dev.godwit.cli.ledger.LedgerTable;
import dev.godwit.cli.run.RunStatus;
import dev.godwit.cli.run.StopSignal;
import dev.godwit.dynamodblocal.LocalDynamoDb;
import dev.godwit.migration.SortCondition;
import dev.godwit.migration.Source;
import dev.godwit.migration.Target;
import dev.godwit.migration.Value;
import dev.godwit.run.Counter;
import dev.godwit.run.Direction;
import dev.godwit.run.Guard;
import dev.godwit.run.Mode;
import dev.godwit.run.RunRequest;
import dev.godwit.run.Tally;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;

/** What {@code godwit run} says and asks of its engine; the table is real, the engine is not. */
class RunCommandTest {
  private static final Interrupts NEVER =
      new Interrupts() {
        @Override
        public <T> T during(StopSignal stop, Supplier<T> work) {
          return work.get();
        }
      };

  private static final LocalDynamoDb DYNAMO_DB = LocalDynamoDb.inMemory();
  private final FakeEngine engine = new FakeEngine();
  private final Map<String, String> environment = new HashMap<>();
  private TestScreen screen = TestScreen.plain();

  @BeforeAll
  static void createTables() {
    DYNAMO_DB.createTable("Cities", "country", "id");
    DYNAMO_DB.createTable("Tasks", "id");
    DYNAMO_DB.createTable("Cities-2", "id");
  }

  @AfterAll
  static void stop() {
    DYNAMO_DB.close();
  }

  @TempDir Path folder;

  @Test
  void run_withItsDefaults_asksForThem() {
    assertThat(runOver("Cities", "20261120-city-coordinates")).isZero();
    var request = lastRequest();
    assertThat(request)
        .isEqualTo(
            new RunRequest(
                request.runId(),
                "Cities",
                "20261120-city-coordinates",
                Direction.UP,
                Mode.APPLY,
                100,
                4 * Runtime.getRuntime().availableProcessors(),
                240,
                new Guard.ReadSet(),
                Optional.empty(),
                0,
                0,
                OptionalInt.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                false,
                Optional.empty(),
                Optional.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty()));
    assertThat(screen.out()).contains("SUCCEEDED").contains("scanned");
  }

  @Test
  void run_withEveryOption_asksForIt() {
    assertThat(
            runOver(
                "Cities",
                "20261120-city-coordinates",
                "--segments=64",
                "--max-concurrency=8",
                "--down",
                "--dry-run",
                "--guard=version:rev",
                "--stamp=done",
                "--parameter=a=1",
                "--parameter=b=x=y",
                "--item-failures-allowed=3",
                "--tolerated-failure-percentage=5",
                "--read-units-per-second=300",
                "--write-units-per-second=100",
                "--slice-seconds=60",
                "--prewarm",
                "--prewarm-rcu=5000",
                "--retry-failures=earlier",
                "--keep-before-images",
                "--run-id=mine"))
        .isZero();
    assertThat(lastRequest())
        .isEqualTo(
            new RunRequest(
                "mine",
                "Cities",
                "20261120-city-coordinates",
                Direction.DOWN,
                Mode.DRY_RUN,
                64,
                8,
                60,
                new Guard.Version("rev"),
                Optional.of("done"),
                3,
                5,
                OptionalInt.of(300),
                OptionalInt.of(100),
                Optional.empty(),
                Map.of("a", "1", "b", "x=y"),
                Optional.of("earlier"),
                Optional.empty(),
                true,
                Optional.empty(),
                Optional.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty()));
    assertThat(screen.err()).contains("--prewarm is left out: a run that writes nothing");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--canary=1%|Canary[segments=1, waits=false, againPerHundred=0, conflictsPerHundred=5, throttlesPerHundred=10, growthBytesPerItem=1024]",
        "--canary=1.5% --segments=150|Canary[segments=3, waits=false",
        "--canary=50% --segments=1000000|Canary[segments=1000, waits=false",
        "--canary=7 --canary-wait|Canary[segments=7, waits=true",
        "--canary=1 --canary-allow=growth=9 --canary-allow=again=2|againPerHundred=2, conflictsPerHundred=5, throttlesPerHundred=10, growthBytesPerItem=9]",
        "--canary=1 --canary-allow=conflicts=6 --canary-allow=throttles=0|conflictsPerHundred=6, throttlesPerHundred=0",
      })
  void run_withACanary_asksForThatManySegments(String options, String canary) {
    assertThat(runOver("Cities", "20261120-city-coordinates", options.split(" "))).isZero();
    assertThat(lastRequest().canary().orElseThrow().toString()).contains(canary);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--canary=0|give a number of segments, as in 2, or a percentage",
        "--canary=100%|give a number of segments, as in 2, or a percentage",
        "--canary=x|give a number of segments, as in 2, or a percentage",
        "--canary=1.5|give a number of segments, as in 2, or a percentage",
        "--canary=100|canary.segments must be less than totalSegments, 100",
        "--canary=2000 --segments=5000|canary.segments must be from 1 to 1,000",
        "--canary=1% --segments=1|canary.segments must be less than totalSegments, 1",
        "--canary=1% --dry-run|--canary is left out of --dry-run and --verify",
        "--canary=1% --verify|--canary is left out of --dry-run and --verify",
        "--canary=1% --retry-failures=r|canary goes with mode apply alone, and without undo and retryFailures",
        "--canary-wait|--canary-wait and --canary-allow go with --canary",
        "--canary-allow=again=1|--canary-wait and --canary-allow go with --canary",
        "--canary=1 --canary-allow=again=101|canary.againPerHundred must be from 0 to 100",
        "--canary=1 --canary-allow=often=1|give again, conflicts, throttles or growth with a number",
        "--canary=1 --canary-allow=again=-1|give a whole number from 0 on, not '-1'",
      })
  void run_withACanaryThatCannotBe_saysSo(String options, String message) {
    assertThat(runOver("Cities", "20261120-city-coordinates", options.split(" "))).isEqualTo(2);
    assertThat(screen.err()).contains(message);
    assertThat(engine.requests()).isEmpty();
  }

  @Test
  void run_withATarget_asksForItByItsRule() {
    assertThat(runOver("Cities", "20261120-updated-at", "--target=Cities-2")).isZero();
    assertThat(lastRequest().target()).contains(Target.table("Cities-2"));
    assertThat(
            runOver(
                "Cities",
                "20261120-updated-at",
                "--target=Cities-2",
                "--put=replace-older:updatedAt"))
        .isZero();
    assertThat(lastRequest().target())
        .contains(Target.table("Cities-2").replacingOlderBy("updatedAt"));
    assertThat(screen.out()).contains("Cities-2 (replace-older:updatedAt)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--put=always|--put says how items come into a target: name it with --target",
        "--target=Cities-2 --put=sometimes|put must be if-absent, always or replace-older:<attribute>, not \"sometimes\"",
        "--target=Cities-2 --put=replace-older:|put replace-older needs an attribute",
        "--target=arn:aws:dynamodb:eu-west-1:1:table/C|A target is a table's name",
        "--target=Cities|target must be another table than the one that is read, Cities",
        "--target=Cities-3|There is no table Cities-3",
        "--target=godwit-ledger|it cannot be a target",
        "--target=Cities-2 --down|There is no way down from a target",
        "--target=Cities-2 --guard=none|goes without a stamp and with guard read-set",
        "--target=Cities-2 --stamp=by|goes without a stamp and with guard read-set",
        "--target=Cities-2 --keep-before-images|keeps no before-images",
        "--target=Cities-2 --prewarm|goes without prewarm",
      })
  void run_whatDoesNotGoWithATarget_isRefusedAndNothingIsBegun(String options, String said) {
    int before = engine.requests().size();

    assertThat(runOver("Cities", "20261120-city-coordinates", options.split(" "))).isEqualTo(2);

    assertThat(screen.err()).contains(said);
    assertThat(engine.requests()).hasSize(before);
  }

  @Test
  void run_withASource_asksForItWhereverItGoesOn() throws IOException {
    var file = Files.writeString(folder.resolve("items.jsonl"), "");

    assertThat(runOver("Cities", "20261120-updated-at", "--source=" + file)).isZero();
    assertThat(lastRequest().source()).contains(Source.file(file.toString()));
    assertThat(screen.out()).contains(file + " (dynamodb-json)");
    assertThat(
            runOver(
                "Cities",
                "20261120-updated-at",
                "--source=" + folder + "/../" + folder.getFileName() + "/",
                "--source-format=json",
                "--target=Cities"))
        .isZero();
    assertThat(lastRequest().source()).contains(Source.file(folder + "/", Source.Format.JSON));
    assertThat(lastRequest().target()).contains(Target.table("Cities"));
    assertThat(runOver("Cities", "20261120-updated-at", "--source=scan")).isZero();
    assertThat(lastRequest().source()).contains(Source.scan());
  }

  @Test
  void run_ofAnIndexOrSomeKeys_asksForThem() throws IOException {
    var keys = Files.writeString(folder.resolve("keys.jsonl"), "");

    assertThat(runOver("Cities", "20261120-updated-at", "--source=index:byCountry")).isZero();
    assertThat(lastRequest().source()).contains(Source.index("byCountry"));
    assertThat(screen.out())
        .contains("the index byCountry")
        .contains("the table's other items, if they are meant, too");
    assertThat(
            runOver(
                "Cities",
                "20261120-updated-at",
                "--partition-key=NO",
                "--partition-key=7",
                "--partition-key=\"7\"",
                "--sort-key=between 2026-01-01 and 2026-06-30",
                "--consistent"))
        .isZero();
    assertThat(lastRequest().source())
        .contains(
            Source.query(Value.string("NO"), Value.number(7), Value.string("7"))
                .where(
                    SortCondition.isBetween(Value.string("2026-01-01"), Value.string("2026-06-30")))
                .consistently());
    assertThat(screen.out())
        .contains("3 partition keys, sort key between \"2026-01-01\" and \"2026-06-30\"");
    assertThat(
            runOver(
                "Cities",
                "20261120-updated-at",
                "--source=index:byCountry",
                "--partition-keys=" + keys,
                "--source-format=json",
                "--sort-key=>=-7.5"))
        .isZero();
    assertThat(lastRequest().source())
        .contains(
            Source.queryOfKeysIn(new Source.File(keys.toString(), Source.Format.JSON))
                .ofIndex("byCountry")
                .where(SortCondition.isAtLeast(Value.number(new BigDecimal("-7.5")))));
    assertThat(
            runOver(
                "Cities",
                "20261120-updated-at",
                "--partition-key=NO",
                "--sort-key=begins_with 2024"))
        .isZero();
    assertThat(lastRequest().source())
        .contains(Source.query(Value.string("NO")).where(SortCondition.beginsWith("2024")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--source=index:|An index has a name",
        "--sort-key==7|name these with --partition-key or --partition-keys",
        "--consistent|name these with --partition-key or --partition-keys",
        "--partition-key=a --source=scan|or give --source index:NAME",
        "--partition-key=a --source=items.jsonl|or give --source index:NAME",
        "--partition-key=a --source-format=json|name it with --partition-keys",
        "--partition-key=a --partition-keys=pom.xml|name at least one, and not both",
        "--partition-keys=none.jsonl|There is no file",
        "--partition-key=a --sort-key=about7|--sort-key is '= X'",
        "--partition-key=a --target=Cities|target must be another table",
        "--source=index:a --target=Cities|target must be another table",
        "--source-format=json|--source-format says how items are written in a file: name it with --source",
        "--source=scan --source-format=json|name it with --source",
        "--source=none.jsonl|There is no file",
        "--source=none/|There is no file",
        "--source=pom.xml --source-format=csv|format must be json or dynamodb-json",
        "--source=pom.xml --guard=none|Leave out guard none",
        "--source=pom.xml --target=Cities --keep-before-images|keeps no before-images",
      })
  void run_whatDoesNotGoWithASource_isRefusedAndNothingIsBegun(String options, String said) {
    int before = engine.requests().size();

    assertThat(runOver("Cities", "20261120-city-coordinates", options.split(" "))).isEqualTo(2);

    assertThat(screen.err()).contains(said);
    assertThat(engine.requests()).hasSize(before);
  }

  @Test
  void run_prewarmed_asksForWhatWasSaidAndTheDefault() {
    assertThat(runOver("Cities", "20261120-updated-at", "--prewarm", "--prewarm-rcu=5000"))
        .isZero();
    assertThat(lastRequest().prewarm()).contains(new RunRequest.Prewarm(5000, 4000));
  }

  @Test
  void run_withVariables_takesThem_andFlagsWin() {
    environment.put("TABLE_NAME", "Cities");
    environment.put("MIGRATION", "20261120-updated-at");
    environment.put("TOTAL_SEGMENTS", "12");
    environment.put("PREWARM", "true");
    environment.put("PREWARM_RCU", "100");
    environment.put("PREWARM_WCU", "50");
    environment.put("AWS_ENDPOINT_URL_DYNAMODB", DYNAMO_DB.endpoint().toString());

    assertThat(execute("run", "--local", "--region=us-east-1", "--results=target/run-command-test"))
        .isZero();
    assertThat(lastRequest().tableName()).isEqualTo("Cities");
    assertThat(lastRequest().migration()).isEqualTo("20261120-updated-at");
    assertThat(lastRequest().totalSegments()).isEqualTo(12);
    assertThat(lastRequest().prewarm()).contains(new RunRequest.Prewarm(100, 50));

    assertThat(
            execute(
                "run",
                "--local",
                "--region=us-east-1",
                "--results=target/run-command-test",
                "--table=Tasks",
                "--segments=3",
                "--no-prewarm",
                "--migration=20261120-completed-flag"))
        .isZero();
    assertThat(lastRequest().tableName()).isEqualTo("Tasks");
    assertThat(lastRequest().totalSegments()).isEqualTo(3);
    assertThat(lastRequest().migration()).isEqualTo("20261120-completed-flag");
    assertThat(lastRequest().prewarm()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "20261120-nothing|--segments=1|There is no migration 20261120-nothing; known: 20261120-city-coordinates, 20261120-completed-flag, 20261120-updated-at, 20261120-users-to-single-table",
        "20261120-completed-flag|--segments=1|is meant for the table Tasks*, not for Cities; nothing was changed",
        "20261120-updated-at|--down|Migration 20261120-updated-at has no way down; nothing was changed",
        "20261120-updated-at|--segments=0|give a whole number from 1 to 1,000,000, not '0'",
        "20261120-updated-at|--segments=1000001|give a whole number from 1 to 1,000,000, not '1000001'",
        "20261120-updated-at|--segments=many|give a whole number from 1 to 1,000,000, not 'many'",
        "20261120-updated-at|--guard=luck|guard must be read-set, version:<attribute> or none",
        "20261120-updated-at|--slice-seconds=900|sliceSeconds must be from 1 to 840, not 900",
        "20261120-updated-at|--tolerated-failure-percentage=101|toleratedFailurePercentage must be from 0 to 100",
        "20261120-updated-at|--parameter=target|'target'",
        "20261120-updated-at|--output=xml|'xml'",
        "20261120-updated-at|--stamp=country|--stamp country names a key attribute of Cities, which no write can change; name another attribute. Nothing was begun",
        "20261120-updated-at|--guard=version:id|--guard version:id names a key attribute of Cities",
        "20261120-updated-at|--prewarm --prewarm-rcu=0|prewarm.readUnits must be at least 1, not 0. Nothing was begun",
        "20261120-updated-at|--results=pom.xml|pom.xml, where the run would be kept, cannot be written",
        "20261120-updated-at|--results=/proc/godwit|/proc/godwit, where the run would be kept, cannot be written",
        "20261120-updated-at|--run-id=a/b|runId must be 1 to 64 letters",
        "20261120-updated-at|--migrations-jar=missing.jar|There is no jar missing.jar to read; build it first",
        "20261120-updated-at|--nonsense|Unknown option: '--nonsense'",
      })
  void run_askedForWhatCannotBe_saysSoInASentenceAndRunsNothing(
      String migration, String options, String message) {
    assertThat(runOver("Cities", migration, options.split(" "))).isEqualTo(2);
    assertThat(screen.err()).contains(message);
    assertThat(screen.err().lines()).hasSizeLessThanOrEqualTo(2);
    assertThat(screen.out()).isEmpty();
    assertThat(engine.requests()).isEmpty();
  }

  @Test
  void run_aSegmentCountInTheVariableThatIsNone_saysSo() {
    environment.put("TOTAL_SEGMENTS", "a hundred");
    assertThat(runOver("Cities", "20261120-updated-at")).isEqualTo(2);
    assertThat(screen.err()).contains("from 1 to 1,000,000, not 'a hundred'");
  }

  @Test
  void run_dryAndVerifyTogether_isRefused() {
    assertThat(runOver("Cities", "20261120-updated-at", "--dry-run", "--verify")).isEqualTo(2);
    assertThat(screen.err()).contains("--dry-run").contains("--verify");
  }

  @Test
  void run_withoutTableOrMigrationOrPlace_saysWhatIsMissing() {
    assertThat(execute("run", "--local")).isEqualTo(2);
    assertThat(screen.err()).contains("--table").contains("--migration");
    screen = TestScreen.plain();
    assertThat(execute("run", "--table=Cities", "--migration=20261120-updated-at")).isEqualTo(2);
    assertThat(screen.err()).contains("add --local to run on this machine");
    assertThat(engine.requests()).isEmpty();
  }

  @Test
  void run_theLedgerItself_isRefused() {
    DYNAMO_DB.createTable(LedgerTable.OF_MACHINES, "pk", "sk");
    assertThat(runOver(LedgerTable.OF_MACHINES, "20261120-updated-at")).isEqualTo(2);
    assertThat(screen.err())
        .contains("The table godwit-ledger is the ledger")
        .contains("it cannot be migrated. Nothing was begun");
    assertThat(engine.requests()).isEmpty();
  }

  @Test
  void run_aTableThatIsNotThere_namesItAndWhereItLooked() {
    assertThat(runOver("Nowhere", "20261120-updated-at")).isEqualTo(2);
    assertThat(screen.err())
        .contains("There is no table Nowhere at " + DYNAMO_DB.endpoint())
        .contains(" for the region us-east-1 and the access key ")
        .contains("check its name, the region and the endpoint");
    assertThat(engine.requests()).isEmpty();
  }

  @Test
  void run_anEndpointThatRefuses_saysSo() throws IOException {
    int port;
    try (var closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = closed.getLocalPort();
    }
    assertUnreachable("http://127.0.0.1:" + port);
  }

  @Test
  void run_anEndpointThatNeverAnswers_isAskedTwiceAndNoMore() throws Exception {
    var asked = new CopyOnWriteArrayList<Socket>();
    try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      var accepting =
          new Thread(
              () -> {
                try {
                  while (true) {
                    asked.add(silent.accept());
                  }
                } catch (IOException e) {
                  // closed: the test is over
                }
              });
      accepting.start();
      assertUnreachable("http://127.0.0.1:" + silent.getLocalPort());
      Awaitility.await().untilAsserted(() -> assertThat(asked).hasSizeGreaterThanOrEqualTo(2));
    }
    assertThat(asked).hasSize(2);
    for (Socket socket : asked) {
      socket.close();
    }
  }

  private void assertUnreachable(String endpoint) {
    assertThat(
            execute(
                "run",
                "--local",
                "--table=Cities",
                "--migration=20261120-updated-at",
                "--region=us-east-1",
                "--results=target/run-command-test",
                "--endpoint-url=" + endpoint))
        .isEqualTo(3);
    assertThat(screen.err())
        .contains("DynamoDB cannot be reached at " + endpoint)
        .contains("check the endpoint and the network. Nothing was written");
    assertThat(screen.err().lines()).hasSize(1);
    assertThat(engine.requests()).isEmpty();
  }

  @Test
  void run_thatFails_exitsWith1AndSaysWhyAndWhereTheRecordsAre() {
    engine
        .endingAs(RunStatus.FAILED, "dev.godwit.worker.ItemFailuresExceeded: 1 items failed")
        .counting(Tally.of(Counter.FAILED, 1));
    assertThat(runOver("Cities", "20261120-updated-at")).isEqualTo(1);
    assertThat(screen.err())
        .contains("The run did not succeed: dev.godwit.worker.ItemFailuresExceeded")
        .contains("Failure records, with the items as they were: /results");
    assertThat(screen.out()).contains("FAILED");
  }

  static Stream<Arguments> whatPlacesThrow() {
    return Stream.of(
        Arguments.of(
            SdkClientException.create("Unable to execute", new ConnectException("refused")),
            "AWS, or the table's endpoint, cannot be reached (ConnectException: refused)"),
        Arguments.of(
            DynamoDbException.builder()
                .awsErrorDetails(
                    AwsErrorDetails.builder()
                        .errorCode("ExpiredTokenException")
                        .errorMessage("It has expired")
                        .build())
                .build(),
            "AWS refused (ExpiredTokenException: It has expired); check the credentials"),
        Arguments.of(DynamoDbException.builder().statusCode(503).build(), "AWS refused (HTTP 503)"),
        Arguments.of(
            new IllegalStateException(new UncheckedIOException(new IOException("No space left"))),
            "The folder of runs cannot be read or written (IOException: No space left); make room there"),
        Arguments.of(
            new UncheckedIOException(new NoSuchFileException("/gone")),
            "The folder of runs cannot be read or written (/gone is not there)"),
        Arguments.of(
            new UncheckedIOException("The run r cannot be noted", new AccessDeniedException("/x")),
            "The run r cannot be noted (/x: permission denied)"));
  }

  @ParameterizedTest
  @MethodSource("whatPlacesThrow")
  void run_whosePlaceFails_exitsWith3AndSaysHowToGoOn(RuntimeException thrown, String message) {
    engine.throwing(thrown);
    assertThat(runOver("Cities", "20261120-updated-at", "--run-id=mine")).isEqualTo(3);
    assertThat(screen.err())
        .contains(message)
        .contains("How the run stands, and how to go on: 'godwit status mine'.");
    assertThat(screen.err().lines()).hasSize(1);
  }

  @Test
  void run_aFaultOfOurOwnInTheMiddle_exitsWith70AndSaysHowToGoOn() {
    engine.throwing(new IllegalArgumentException("not the user's"));
    assertThat(runOver("Cities", "20261120-updated-at", "--run-id=mine")).isEqualTo(70);
    assertThat(screen.err())
        .contains("This is a fault of Godwit's")
        .contains("not the user's")
        .contains("'godwit status mine'");
  }

  @Test
  void run_onAws_anArgumentThatIsNotTheArn_isNotBlamedOnIt() {
    var exit =
        new Godwit(
                screen.screen(),
                environment,
                engine,
                arn -> {
                  throw new IllegalArgumentException("not an ARN");
                },
                NEVER)
            .execute("run", "--sfn-arn=x", "--table=Cities", "--migration=m");
    assertThat(exit).isEqualTo(2);
    assertThat(screen.err()).contains("--sfn-arn (SFN_ARN): not an ARN");

    screen = TestScreen.plain();
    exit =
        new Godwit(screen.screen(), environment, engine, new NoAws(), NEVER)
            .execute(
                "run",
                "--sfn-arn=x",
                "--table=Cities",
                "--migration=m",
                "--prewarm",
                "--prewarm-wcu=0");
    assertThat(exit).isEqualTo(2);
    assertThat(screen.err())
        .contains("prewarm.writeUnits must be at least 1, not 0")
        .doesNotContain("--sfn-arn");
  }

  @Test
  void run_verifyThatFindsAChange_exitsWith1() {
    engine.counting(Tally.of(Counter.UPDATED, 1));
    assertThat(runOver("Cities", "20261120-updated-at", "--verify")).isEqualTo(1);
    assertThat(screen.err()).contains("would still change items");

    engine.counting(Tally.of(Counter.KEPT, 1));
    assertThat(runOver("Cities", "20261120-updated-at", "--verify")).isZero();
  }

  @Test
  void run_verifyThatCannotDecide_exitsWith1() {
    engine.counting(Tally.of(Counter.FAILED, 2));
    assertThat(runOver("Cities", "20261120-updated-at", "--verify")).isEqualTo(1);
    assertThat(screen.err()).contains("Not verified: of 2 items nobody knows");
  }

  @ParameterizedTest
  @ValueSource(strings = {"text", "json"})
  void run_thatSucceedsWithFailures_saysHowToOfferThemAgain(String output) {
    engine.counting(Tally.of(Counter.FAILED, 2));
    assertThat(runOver("Cities", "20261120-updated-at", "--run-id=mine", "--output=" + output))
        .isZero();
    assertThat(output.equals("json") ? screen.err() : screen.out().lines().toList().toString())
        .contains("2 items, which failed")
        .contains("the same command with --retry-failures mine");
  }

  @Test
  void run_outputJson_hasOneObjectOnStdoutAndTheRestOnStderr() {
    assertThat(runOver("Cities", "20261120-updated-at", "--output=json", "--run-id=r")).isZero();
    assertThat(screen.out().lines())
        .containsExactly(
            """
            {"runId":"r","status":"SUCCEEDED","segments":{"total":100,"succeeded":100,"failed":0},\
            "tally":{"scanned":7,"kept":0,"updated":0,"deleted":0,"conflicts":0,"failed":0,\
            "readUnits":0.0,"writeUnits":0.0},"resultsLocation":"/results","seconds":1.000}""");
    assertThat(screen.err()).contains("Migrating");
  }

  @Test
  void run_stopped_exitsWith130AndTellsHowToGoOn() {
    var interrupted =
        new Interrupts() {
          @Override
          public <T> T during(StopSignal stop, Supplier<T> work) {
            stop.stop();
            return work.get();
          }
        };
    int exit =
        new Godwit(screen.screen(), environment, engine, new NoAws(), interrupted)
            .execute(arguments("Cities", "20261120-updated-at"));
    assertThat(exit).isEqualTo(130);
    assertThat(screen.err())
        .contains("Stopping: the pages that are being written are finished first.")
        .contains("Stopped; everything counted is written.")
        .contains("Go on where it stood: 'godwit redrive " + lastRequest().runId() + "'.");
  }

  @ParameterizedTest
  @CsvSource({
    "run",
    "demo",
    "migrations",
    "watch",
    "status",
    "stop",
    "pause",
    "resume",
    "set",
    "redrive",
    "report",
    "runs",
    "history",
    "release",
    "test-transform"
  })
  void help_ofEveryCommand_showsDefaultsAndExitCodes(String command) {
    assertThat(execute(command, "--help")).isZero();
    assertThat(screen.out())
        .contains("Exit codes:")
        .contains("129")
        .contains("130")
        .contains("143")
        .contains("Stopped by Ctrl-C")
        .contains("Default");
  }

  @Test
  void help_ofEveryOption_saysWhatItIsForAndWhatHoldsWithoutIt() {
    var command = new Godwit(screen.screen(), environment, engine, new NoAws(), NEVER).model();
    assertThat(command.subcommands()).hasSizeGreaterThan(10);
    var silent = new ArrayList<String>();
    for (CommandLine sub : command.subcommands().values()) {
      assertThat(sub.getCommandSpec().usageMessage().description())
          .as(sub.getCommandName())
          .isNotEmpty();
      for (OptionSpec option : sub.getCommandSpec().options()) {
        var help = String.join(" ", option.description());
        boolean isSwitch = option.arity().max() == 0;
        if (help.isEmpty() || (!isSwitch && !option.required() && !help.contains("Default: "))) {
          silent.add(sub.getCommandName() + " " + option.longestName());
        }
      }
    }
    assertThat(silent).isEmpty();
  }

  @Test
  void godwit_withoutCommand_saysWhatThereIs() {
    assertThat(execute()).isEqualTo(2);
    assertThat(screen.err()).contains("Say what to do").contains("godwit --help");
  }

  private RunRequest lastRequest() {
    return engine.requests().get(engine.requests().size() - 1);
  }

  private int runOver(String table, String migration, String... more) {
    return execute(arguments(table, migration, more));
  }

  private String[] arguments(String table, String migration, String... more) {
    var arguments = new ArrayList<String>();
    arguments.add("run");
    arguments.add("--local");
    arguments.add("--table=" + table);
    arguments.add("--migration=" + migration);
    arguments.add("--region=us-east-1");
    arguments.add("--endpoint-url=" + DYNAMO_DB.endpoint());
    arguments.addAll(List.of(more));
    if (arguments.stream().noneMatch(argument -> argument.startsWith("--results="))) {
      arguments.add("--results=target/run-command-test");
    }
    return arguments.toArray(String[]::new);
  }

  private int execute(String... arguments) {
    return new Godwit(screen.screen(), environment, engine, new NoAws(), NEVER).execute(arguments);
  }
}
