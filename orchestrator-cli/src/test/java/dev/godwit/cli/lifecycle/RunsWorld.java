package dev.godwit.cli.lifecycle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.asl.Definitions;
import dev.godwit.asl.Engine;
import dev.godwit.asl.ExecutionAlreadyExists;
import dev.godwit.asl.ExecutionEvent;
import dev.godwit.asl.ExecutionStatus;
import dev.godwit.asl.ExecutionSummary;
import dev.godwit.asl.SimulatedAutoScaling;
import dev.godwit.asl.SimulatedDynamoDb;
import dev.godwit.asl.StateMachine;
import dev.godwit.asl.TaskCall;
import dev.godwit.asl.TaskFailure;
import dev.godwit.asl.VirtualLoop;
import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.run.RunObserver;
import dev.godwit.cli.run.SegmentCounts;
import dev.godwit.cli.run.StopSignal;
import dev.godwit.run.RunRequest;
import dev.godwit.run.RunRequestJson;
import dev.godwit.run.Tally;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * A table, a ledger, runs that want the table, people with the command, and all that may happen to
 * them, in made-up time and drawn from one seed. The commands are the real {@link RunLifecycle}
 * with the real ledger and the real settling; the runs are the real definitions.
 *
 * <p>Half of the seeds live on AWS: the executions go on by themselves, their ends are told late,
 * twice or never, a sweep comes by, and DescribeExecution tells old news. The other half live on
 * one machine: an execution dies with the command that carries it out.
 */
final class RunsWorld {
  static final String TABLE = "Cities";
  static final String LEDGER = "godwit-ledger";

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int SEGMENTS = 2;
  private static final String PREFIX = "arn:aws:states:local:000000000000:";

  private static final Map<String, String> SUBSTITUTIONS =
      Map.of(
          "MigrateTableMachine", PREFIX + "stateMachine:migrate-table",
          "SettleRunMachine", PREFIX + "stateMachine:settle-run",
          "Partition", "aws",
          "WorkerFunction", "worker:live",
          "WorkerFunctionName", "worker",
          "LedgerTable", LEDGER,
          "ResultsBucket", "results",
          "NotificationTopic", "",
          "StallMinutes", "30");

  static final StateMachine MIGRATE = Definitions.migrateTable(SUBSTITUTIONS);
  private static final StateMachine SETTLE = Definitions.settleRun(SUBSTITUTIONS);
  private static final StateMachine SWEEP = Definitions.sweepRuns(SUBSTITUTIONS);

  final VirtualLoop loop = new VirtualLoop();
  final Turns turns = new Turns(loop);
  final SimulatedDynamoDb dynamoDb = new SimulatedDynamoDb(loop::now);
  final SimulatedAutoScaling scaling = new SimulatedAutoScaling();
  final boolean onAws;
  final Path home;

  /** What must never be seen, as it was seen. */
  final List<String> violations = new ArrayList<>();

  /** What happened, for whoever looks at a seed. */
  final List<String> told = new ArrayList<>();

  /** Executions as they were not long ago, by their run. */
  final Map<String, TreeMap<Instant, Execution>> seen = new HashMap<>();

  /** When executions were redriven, by the token of the call. */
  final Map<String, Instant> redrives = new HashMap<>();

  /** When executions were redriven last, by their run. */
  final Map<String, Instant> redrivenAt = new HashMap<>();

  /** Those that are carried out, by their run. */
  final Map<String, dev.godwit.asl.Execution> live = new HashMap<>();

  /** Versions of the worker, by the alias that points to them. */
  final Map<String, Integer> aliases = new TreeMap<>();

  /** The words that let runs go on with other code: a run's id and a digest. */
  final Set<String> accepted = new TreeSet<>();

  /** The version of the worker that is live. */
  int version = 1;

  private final SplittableRandom random;
  private final Set<String> runs = new LinkedHashSet<>();
  private final Set<SimulatedCommand> commands = new LinkedHashSet<>();
  private final double faultRate;
  private final int failing;
  private final boolean hasCanary;
  private final Duration slices;
  private final Engine looks;
  private Optional<Engine> aws = Optional.empty();
  private Instant brokenUntil = Instant.MIN;
  private int faultsLeft;
  private int names;
  private long fence;

  RunsWorld(long seed, Path home) {
    this.random = new SplittableRandom(seed);
    this.home = home;
    this.onAws = chance(0.5);
    this.faultRate = new double[] {0, 0.03, 0.08, 0.2}[random.nextInt(4)];
    this.faultsLeft = random.nextInt(10);
    this.failing = chance(0.3) ? 1 + random.nextInt(3) : 0;
    this.hasCanary = seed % 4 == 1;
    this.slices = Duration.ofMillis(new int[] {100, 5_000, 60_000}[random.nextInt(3)]);
    dynamoDb
        .withItems(LEDGER)
        .withProvisioned(TABLE, 5, 7, Map.of("byCountry", new long[] {3, 200}));
    scaling
        .withTarget("table/Cities", "dynamodb:table:ReadCapacityUnits")
        .withTarget("table/Cities/index/byCountry", "dynamodb:index:WriteCapacityUnits");
    looks = Engine.builder(home).build();
    if (onAws) {
      aws = Optional.of(engine());
    }
  }

  boolean chance(double probability) {
    return random.nextDouble() < probability;
  }

  Duration upTo(Duration most) {
    return Duration.ofMillis(random.nextLong(most.toMillis() + 1));
  }

  int failing() {
    return failing;
  }

  boolean hasCanary() {
    return hasCanary;
  }

  void tell(String what) {
    told.add(loop.now() + " " + what);
  }

  private void later(Duration delay, Runnable what) {
    loop.schedule(delay, what);
  }

  /** An engine of one process, in this world. */
  Engine.Builder carrying(Engine.Builder builder) {
    return loop.carrying(builder, new Random(random.nextLong())).task("", new Services());
  }

  Engine engine() {
    return carrying(Engine.builder(home))
        .task("aws-sdk:sfn:describeExecution", new Services())
        .listener(this::on)
        .build();
  }

  Engine looks() {
    return looks;
  }

  /** What carries out what is not any command's own. */
  Optional<Engine> aws() {
    return aws;
  }

  // ---- what happens

  /** Lets a life begin: runs, and people and machines that interfere. */
  void begin() {
    if (chance(0.3)) {
      brokenUntil = loop.now().plus(upTo(Duration.ofHours(3)));
    }
    later(Duration.ZERO, () -> start("a"));
    int others = random.nextInt(4) / 2;
    for (int i = 0; i < others; i++) {
      var name = "b" + i;
      later(upTo(Duration.ofHours(5)), () -> start(name));
    }
    if (chance(0.2)) {
      later(upTo(Duration.ofHours(3)), () -> version++);
    }
    int acts = 1 + random.nextInt(7);
    var moment = upTo(Duration.ofHours(chance(0.5) ? 1 : 5));
    for (int i = 0; i < acts; i++) {
      // Many of them at the same moment, the others some time.
      var at = chance(0.6) ? moment.plus(upTo(Duration.ofSeconds(5))) : upTo(Duration.ofHours(6));
      int act = random.nextInt(7);
      later(at, () -> anyRun().ifPresent(run -> act(act, run)));
    }
    for (int i = random.nextInt(3); i > 0 && onAws; i--) {
      later(upTo(Duration.ofHours(6)), this::sweep);
    }
    loop.run(Duration.ofHours(7));
  }

  private void act(int act, String run) {
    switch (act) {
      case 0, 1, 2 -> command("redrive " + run, c -> redrive(c, run, chance(0.3)));
      case 3 -> command("stop " + run, c -> c.runs().stop(run));
      case 4 ->
          command(
              "release of " + run,
              c -> {
                var holder = c.runs().holder(TABLE);
                if (holder.isPresent()) {
                  c.runs().release(TABLE, holder.get().holder().runId());
                }
              });
      case 5 -> command("status " + run, c -> c.runs().state(run));
      default -> command("watch " + run, c -> c.runs().watch(run, UNHEARD, interrupted()));
    }
  }

  private void redrive(SimulatedCommand c, String run, boolean newCode) {
    c.runs().redrive(run, newCode, UNHEARD, interrupted());
  }

  /** Somebody whose patience ends. */
  private StopSignal interrupted() {
    var stop = new StopSignal();
    if (chance(onAws ? 0.8 : 0.2)) {
      later(upTo(Duration.ofMinutes(10)), stop::stop);
    }
    return stop;
  }

  private static final RunObserver UNHEARD =
      new RunObserver() {
        @Override
        public void pageDone(Tally page) {}

        @Override
        public void segmentsAre(SegmentCounts counts) {}
      };

  private void command(String what, Consumer<SimulatedCommand> does) {
    var command = new SimulatedCommand(this, what);
    commands.add(command);
    turns.begin(
        () -> {
          try {
            command.carryOut(does);
          } catch (RuntimeException | AssertionError e) {
            violations.add(loop.now() + ": " + what + " threw " + e);
            told.add(stack(e));
          } finally {
            commands.remove(command);
          }
        });
  }

  private static String stack(Throwable e) {
    var text = new java.io.StringWriter();
    e.printStackTrace(new java.io.PrintWriter(text));
    return text.toString();
  }

  private void start(String name) {
    var request =
        (ObjectNode)
            parse(
                """
                {"version": 1, "tableName": "Cities", "migration": "m1", "direction": "up",
                 "mode": "apply", "maxConcurrency": 2, "sliceSeconds": 240, "guard": "read-set",
                 "itemFailuresAllowed": 5, "toleratedFailurePercentage": 0, "parameters": {}}
                """);
    request.put("runId", name).put("totalSegments", SEGMENTS);
    if (chance(0.7)) {
      request.putObject("prewarm").put("readUnits", 300).put("writeUnits", 100);
    }
    if (hasCanary) {
      request
          .putObject("canary")
          .put("segments", 1)
          .put("againPerHundred", 0)
          .put("conflictsPerHundred", 5)
          .put("throttlesPerHundred", 10)
          .put("growthBytesPerItem", 1024);
    }
    RunRequest asked = RunRequestJson.read(request.toString());
    command(
        "run " + name,
        c -> {
          if (onAws && chance(0.5)) {
            c.runs().start(asked);
          } else {
            c.runs().run(asked, UNHEARD, interrupted());
          }
        });
  }

  void started(String run) {
    runs.add(run);
  }

  private void sweep() {
    tell("sweep");
    aws.orElseThrow().start(SWEEP, "sweep-" + ++names, JSON.objectNode());
  }

  private void on(ExecutionEvent event) {
    var name = runOf(event.executionArn());
    if (name.isPresent() && event.type().matches("Execution(Succeeded|Failed|TimedOut|Aborted)")) {
      tell(event.type() + " " + name.get());
      // The end is on the disk one step later.
      later(Duration.ofMillis(1), () -> ended(name.get()));
    }
  }

  private static Optional<String> runOf(String arn) {
    var parts = arn.split(":", -1);
    return parts.length == 9 && parts[6].equals(Definitions.MIGRATE_TABLE)
        ? Optional.of(parts[7])
        : Optional.empty();
  }

  private void ended(String name) {
    if (aws.isEmpty()) {
      return;
    }
    var event = aws.get().statusChangeEvent(name);
    int copies = chance(0.2) ? 0 : chance(0.25) ? 2 : 1;
    for (int i = 0; i < copies; i++) {
      later(
          chance(0.7) ? upTo(Duration.ofSeconds(2)) : upTo(Duration.ofHours(3)),
          () -> {
            tell("settle " + name + " " + event.at("/detail/redriveCount"));
            aws.get().start(SETTLE, "told-" + ++names, event);
          });
    }
  }

  /**
   * Nothing goes wrong any more, and everybody does what the command advises, until all is done.
   */
  void finish() {
    faultsLeft = 0;
    brokenUntil = Instant.MIN;
    for (int round = 0; round < 12 && !isDone(); round++) {
      for (String run : runs) {
        if (isHeldByAnother(run)) {
          continue;
        }
        var summary = looks.find(run).orElseThrow();
        if (summary.status() == ExecutionStatus.SUCCEEDED) {
          command("stop " + run, c -> c.runs().stop(run));
        } else {
          command("redrive " + run, c -> redrive(c, run, true));
        }
        loop.run(Duration.ofMinutes(40));
      }
      if (onAws) {
        sweep();
      }
      loop.run(Duration.ofMinutes(70));
    }
    loop.runUntilIdle();
  }

  private boolean isHeldByAnother(String run) {
    return lease()
        .map(l -> l.at("/runId/S").asText())
        .filter(holder -> !holder.isEmpty() && !holder.equals(run))
        .isPresent();
  }

  private boolean isDone() {
    return commands.isEmpty()
        && opened().stream()
            .allMatch(
                run ->
                    looks.find(run).orElseThrow().status() == ExecutionStatus.SUCCEEDED
                        && record(run).map(r -> !status(r).equals("RUNNING")).orElse(false));
  }

  /** The runs that have ever had the table. */
  List<String> opened() {
    return runs.stream()
        .filter(
            run ->
                record(run)
                    .map(r -> r.at("/executionArn/S").asText())
                    .equals(looks.find(run).map(ExecutionSummary::arn)))
        .toList();
  }

  private Optional<String> anyRun() {
    var all = List.copyOf(runs);
    return all.isEmpty() ? Optional.empty() : Optional.of(all.get(random.nextInt(all.size())));
  }

  Optional<ObjectNode> record(String run) {
    return dynamoDb.item(LEDGER, "RUN#" + run, "RUN");
  }

  Optional<ObjectNode> lease() {
    return dynamoDb.item(LEDGER, "TABLE#" + TABLE, "LEASE");
  }

  static String status(JsonNode record) {
    return record.at("/status/S").asText();
  }

  // ---- what goes wrong between a command and the services

  /** What becomes of a call that a command makes. */
  enum Fate {
    ANSWERED,
    /** Not carried out, and no answer. */
    REFUSED,
    /** Carried out, and no answer. */
    UNHEARD,
    /** No answer, and carried out up to a minute later. */
    LATE,
    DIES_BEFORE,
    DIES_AFTER,
    /** Its process stands still for a while, with the answer. */
    STANDS_STILL
  }

  private static final List<Fate> FATES = List.of(Fate.values());

  Fate fate() {
    if (faultsLeft > 0 && chance(faultRate)) {
      faultsLeft--;
      return FATES.get(1 + random.nextInt(FATES.size() - 1));
    }
    return Fate.ANSWERED;
  }

  /**
   * Whether Step Functions takes a redrive for one that it has carried out: API reference,
   * RedriveExecution, clientToken; read 2026-11-25.
   */
  boolean isRepeated(String token) {
    var at = redrives.get(token);
    return onAws && at != null && loop.now().isBefore(at.plus(Duration.ofMinutes(15)));
  }

  /** How an execution is told to stand: at times as it was up to a minute ago. */
  Execution told(Execution now) {
    var before = seen.computeIfAbsent(now.runId(), run -> new TreeMap<>());
    var recent = before.tailMap(loop.now().minusSeconds(60)).values().stream().findFirst();
    before.put(loop.now(), now);
    return onAws && faultsLeft > 0 && chance(0.3) ? recent.orElse(now) : now;
  }

  // ---- the services

  static JsonNode parse(String json) {
    try {
      return MAPPER.readTree(json);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private final class Services implements VirtualLoop.Slow {
    @Override
    public Duration latency(TaskCall call) {
      if (call.arguments().at("/Payload/segment").isInt()) {
        watch(call);
        return slices.plus(Duration.ofMillis(random.nextInt(100)));
      }
      return Duration.ofMillis(10 + random.nextInt(100));
    }

    private static String service(TaskCall call) {
      var name = call.resource().substring(call.resource().indexOf(":::") + 3);
      return name.startsWith("aws-sdk:") ? name.split(":", -1)[1] : name;
    }

    @Override
    public JsonNode call(TaskCall call) throws Exception {
      var operation = call.resource().substring(call.resource().lastIndexOf(':') + 1);
      operation = operation.substring(0, 1).toUpperCase(Locale.ROOT) + operation.substring(1);
      var answer = answer(call, operation);
      checkFence();
      return answer;
    }

    private JsonNode answer(TaskCall call, String operation) throws Exception {
      return switch (service(call)) {
        case "dynamodb" -> dynamoDb.call(operation, call.arguments());
        case "applicationautoscaling" -> scaling.call(operation, call.arguments());
        case "lambda" -> alias(operation, call.arguments());
        case "lambda:invoke" -> worker(call.arguments());
        case "s3" -> JSON.objectNode().put("KeyCount", 0);
        case "sfn" -> operation.equals("StartExecution") ? started(call) : describe(call);
        default -> throw new AssertionError("a service that is not simulated: " + call.resource());
      };
    }

    private JsonNode alias(String operation, JsonNode request) throws TaskFailure {
      var name = request.get("Name").textValue();
      if (operation.equals("DeleteAlias")) {
        aliases.remove(name);
      } else if (aliases.containsKey(name)) {
        throw new TaskFailure("Lambda.ResourceConflictException", "Alias already exists: " + name);
      } else {
        aliases.put(name, request.get("FunctionVersion").asInt());
      }
      return JSON.objectNode();
    }

    private JsonNode started(TaskCall call) throws TaskFailure {
      try {
        aws.orElseThrow()
            .start(
                SETTLE,
                call.arguments().get("Name").textValue(),
                parse(call.arguments().get("Input").textValue()));
        tell("swept " + call.arguments().get("Input").textValue());
      } catch (ExecutionAlreadyExists e) {
        throw new TaskFailure("Sfn.ExecutionAlreadyExistsException", "exists");
      }
      return JSON.objectNode();
    }

    private JsonNode describe(TaskCall call) throws TaskFailure {
      var arn = call.arguments().get("ExecutionArn").textValue();
      var summary = runOf(arn).flatMap(looks::find).filter(found -> found.arn().equals(arn));
      if (summary.isEmpty()) {
        throw new TaskFailure("Sfn.ExecutionDoesNotExistException", "It does not exist");
      }
      var now = told(execution(summary.get()));
      var answer =
          JSON.objectNode()
              .put("ExecutionArn", arn)
              .put("Status", now.status().name())
              .put("StartDate", now.startedAt().toString())
              .put("RedriveCount", now.redriveCount());
      now.redrivenAt().ifPresent(at -> answer.put("RedriveDate", at.toString()));
      now.stoppedAt().ifPresent(at -> answer.put("StopDate", at.toString()));
      return answer;
    }

    private JsonNode worker(JsonNode arguments) throws TaskFailure {
      var request = arguments.get("Payload");
      if (request.has("wake")) {
        var answer = JSON.objectNode().put("ExecutedVersion", String.valueOf(version));
        answer.putObject("Payload").put("code", "code" + version);
        return answer;
      }
      var run = request.get("runId").textValue();
      int pinned = onAws ? aliases.getOrDefault("run-" + run, -1) : version;
      if (!request.get("code").textValue().equals("code" + pinned)
          && !accepted.contains(run + " code" + pinned)) {
        throw new TaskFailure("dev.godwit.worker.TransformChanged", "other code");
      }
      int segment = request.get("segment").intValue();
      if (segment == 1 && loop.now().isBefore(brokenUntil)) {
        throw new TaskFailure("dev.godwit.worker.ItemFailuresExceeded", "too many");
      }
      var answer = JSON.objectNode().put("ExecutedVersion", String.valueOf(pinned));
      var payload = answer.putObject("Payload");
      payload.put("segment", segment);
      int scanned = request.at("/segmentTally/scanned").asInt(0) + 10;
      if (scanned < 20) {
        payload.putObject("cursor").putObject("id").put("S", "x");
      }
      payload.putObject("tally").put("scanned", 10);
      payload
          .putObject("segmentTally")
          .put("scanned", scanned)
          .put("failed", segment == 0 ? failing : 0);
      return answer;
    }
  }

  /** As the place tells of it. */
  Execution execution(ExecutionSummary run) {
    return new Execution(
        run.arn(),
        RunRequestJson.read(run.input().toString()),
        dev.godwit.cli.run.RunStatus.valueOf(run.status().name()),
        run.killed() && !onAws,
        false,
        run.startedAt(),
        run.stoppedAt(),
        run.redriveCount(),
        onAws ? Optional.ofNullable(redrivenAt.get(run.name())) : Optional.empty(),
        run.error(),
        run.cause(),
        Optional.empty());
  }

  /** Whoever scans must have the table. */
  private void watch(TaskCall call) {
    var run = call.arguments().at("/Payload/runId").asText();
    var holder = lease().map(l -> l.at("/runId/S").asText()).orElse("");
    if (!run.equals(holder)) {
      violations.add(
          loop.now()
              + ": "
              + run
              + " scans, and "
              + (holder.isEmpty() ? "nobody" : holder)
              + " has the table");
    }
  }

  void checkFence() {
    var lease = lease();
    if (lease.isPresent()) {
      long now = lease.get().path("fence").path("N").asLong(-1);
      if (now < fence) {
        violations.add(loop.now() + ": the fence was " + fence + " and is " + now);
      }
      fence = Math.max(fence, now);
    }
  }

  /** What a command failed with is told, and nothing else is thrown. */
  void failed(String what, CommandFailed e) {
    tell(what + " failed: " + e.getMessage());
  }
}
