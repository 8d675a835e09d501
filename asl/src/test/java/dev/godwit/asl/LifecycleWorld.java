package dev.godwit.asl;

import static dev.godwit.asl.ScriptedRun.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
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

/**
 * A table, a ledger, runs that want the table, and everything that may go wrong on the way, in
 * made-up time and drawn from one seed: calls that fail, hang, or are carried out without an
 * answer; services that are out for minutes; processes that die; runs that are stopped; endings
 * that are told late, twice, or never; redrives that die half-way.
 */
final class LifecycleWorld {
  static final String TABLE = "Cities";
  static final String LEDGER = "godwit-ledger";

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final int SEGMENTS = 2;

  /** States by which a life comes once or twice: more goes wrong there, or nothing ever would. */
  private static final Set<String> GATE =
      Set.of(
          "Check slice",
          "Note the check",
          "Look at the canary",
          "Look at the gate",
          "Close the gate");

  /** Of two segments and a canary of one, the machine takes this. */
  private static final int CANARY = 0;

  /** As the command has it: so long after taking the table a redrive may still go on. */
  private static final Duration REDRIVEN_WITHIN = Duration.ofMinutes(5);

  private static final Duration LEFT_ALONE = Duration.ofMinutes(6);

  /** The three definitions, parsed. */
  record Machines(StateMachine migrate, StateMachine settle, StateMachine sweep) {
    static Machines of() {
      return new Machines(
          Definitions.migrateTable(ScriptedRun.SUBSTITUTIONS),
          Definitions.settleRun(ScriptedRun.SUBSTITUTIONS),
          Definitions.sweepRuns(ScriptedRun.SUBSTITUTIONS));
    }
  }

  final VirtualLoop loop = new VirtualLoop();
  final SimulatedDynamoDb dynamoDb = new SimulatedDynamoDb(loop::now);
  final SimulatedAutoScaling scaling = new SimulatedAutoScaling();
  final Set<String> aliases = new TreeSet<>();

  /** What must never be seen, as it was seen. */
  final List<String> violations = new ArrayList<>();

  /** What happened, for whoever looks at a seed. */
  final List<String> told = new ArrayList<>();

  private final SplittableRandom random;
  private final Path home;
  private final Machines machines;
  private final Map<String, Execution> executions = new HashMap<>();
  private final Map<String, Execution> settling = new HashMap<>();
  private final Set<String> runs = new LinkedHashSet<>();
  private final Set<String> startedAgain = new TreeSet<>();
  private final Map<String, Set<Integer>> finished = new HashMap<>();

  /** What was called once for a run, by the run's name. */
  private final Map<String, Set<String>> hooks = new HashMap<>();

  private final Map<TaskCall, Fate> fates = new HashMap<>();
  private final Map<String, Instant> outages = new HashMap<>();
  private final Map<String, TreeMap<Instant, JsonNode>> described = new HashMap<>();
  private final boolean eventsTellRedrives;
  private final double faultRate;
  private final int failing;
  private final boolean hasHooks;
  private final boolean hasCanary;
  private Engine engine;
  private Instant brokenUntil = Instant.MIN;
  private int faultsLeft;
  private int settlements;
  private int identities;
  private long fence;
  private String capacity;

  private enum Fate {
    ANSWERED,
    REFUSED,
    UNHEARD,
    DIES_BEFORE,
    DIES_AFTER
  }

  private static final List<Fate> FATES = List.of(Fate.values());

  LifecycleWorld(long seed, Path home, Machines machines) {
    this.random = new SplittableRandom(seed);
    this.home = home;
    this.machines = machines;
    this.eventsTellRedrives = chance(0.5);
    this.faultRate = new double[] {0, 0.01, 0.03, 0.1}[random.nextInt(4)];
    this.faultsLeft = random.nextInt(8);
    this.failing = chance(0.3) ? 1 + random.nextInt(3) : 0;
    this.hasHooks = seed % 3 == 0;
    this.hasCanary = seed % 4 == 1;
    dynamoDb
        .withItems(LEDGER)
        .withProvisioned(TABLE, 5, 7, Map.of("byCountry", new long[] {3, 200}));
    scaling
        .withTarget("table/Cities", "dynamodb:table:ReadCapacityUnits")
        .withTarget("table/Cities/index/byCountry", "dynamodb:index:WriteCapacityUnits");
    capacity = dynamoDb.capacity(TABLE);
    if (chance(0.1)) {
      leaveDamagedLease();
    }
    engine = newEngine();
  }

  /** Of another table: what is wrong there keeps nobody here from anything. */
  private void leaveDamagedLease() {
    ObjectNode request = JSON.objectNode().put("TableName", LEDGER);
    ObjectNode item = request.putObject("Item");
    item.putObject("pk").put("S", "TABLE#A damaged one");
    item.putObject("sk").put("S", "LEASE");
    item.putObject("runId").put("S", "damaged");
    item.putObject("executionArn")
        .put("S", "arn:aws:states:local:000000000000:execution:migrate-table:damaged:i0");
    try {
      dynamoDb.call("PutItem", request);
    } catch (TaskFailure e) {
      throw new IllegalStateException(e);
    }
  }

  /** What the table can take when nobody has raised it. */
  String capacity() {
    return capacity;
  }

  boolean chance(double probability) {
    return random.nextDouble() < probability;
  }

  private Duration upTo(Duration most) {
    return Duration.ofMillis(random.nextLong(most.toMillis() + 1));
  }

  /** What was called once for {@code run}. */
  Set<String> called(String run) {
    return hooks.getOrDefault(run, Set.of());
  }

  /** What the migration has to do once for each run. */
  Set<String> hooks() {
    return hasHooks ? Set.of("before", "after") : Set.of();
  }

  int failing() {
    return failing;
  }

  private void tell(String what) {
    told.add(loop.now() + " " + what);
  }

  private void later(Duration delay, Runnable what) {
    loop.schedule(delay, what);
  }

  private Engine newEngine() {
    return Engine.builder(home)
        .loop(loop.process())
        .random(new Random(random.nextLong()))
        .evaluations(Evaluations.heard())
        .identities(() -> "i" + ++identities)
        .task("", new Services())
        .task("aws-sdk:sfn:describeExecution", new Services())
        .listener(this::on)
        .build();
  }

  // What happens

  /** Lets a life begin: runs, and people and machines that interfere. */
  void begin() {
    if (chance(0.3)) {
      brokenUntil = loop.now().plus(upTo(Duration.ofHours(3)));
    }
    if (chance(0.2)) {
      dynamoDb.refuseDecreases(TABLE, loop.now().plus(upTo(Duration.ofHours(6))));
    }
    if (chance(0.2)) {
      dynamoDb.limitUnits(TABLE, 250);
      later(upTo(Duration.ofHours(3)), () -> dynamoDb.limitUnits(TABLE, 40_000));
    }
    start("a");
    int others = random.nextInt(4) / 2;
    for (int i = 0; i < others; i++) {
      String name = "b" + i;
      later(upTo(Duration.ofHours(5)), () -> start(name));
    }
    int sweeps = random.nextInt(3);
    for (int i = 0; i < sweeps; i++) {
      later(upTo(Duration.ofHours(6)), this::sweep);
    }
    int redrives = random.nextInt(4);
    for (int i = 0; i < redrives; i++) {
      later(upTo(Duration.ofHours(6)), () -> anyRun().ifPresent(run -> redrive(run, true)));
    }
    int stops = random.nextInt(3) == 0 ? 1 + random.nextInt(2) : 0;
    for (int i = 0; i < stops; i++) {
      later(
          chance(0.5) ? upTo(Duration.ofMinutes(4)) : upTo(Duration.ofHours(5)),
          () -> anyRun().map(executions::get).ifPresent(e -> e.stop("Stopped", "by its user")));
    }
    int pauses = random.nextInt(3) == 0 ? 1 + random.nextInt(2) : 0;
    for (int i = 0; i < pauses; i++) {
      later(
          chance(0.5) ? upTo(Duration.ofMinutes(4)) : upTo(Duration.ofHours(5)),
          () -> anyRun().ifPresent(run -> pause(run, true)));
      later(upTo(Duration.ofHours(7)), () -> anyRun().ifPresent(run -> pause(run, false)));
    }
    int changes = random.nextInt(3);
    for (int i = 0; i < changes; i++) {
      later(upTo(Duration.ofHours(6)), this::setCapacity);
    }
    loop.run(Duration.ofHours(7));
  }

  /**
   * Somebody, or auto scaling, gives the table other units: while nobody is at it, and all is as it
   * was. What is set while a run looks and raises is nobody's to tell from the run's own.
   */
  private void setCapacity() {
    boolean quiet =
        fates.isEmpty()
            && engine.executions().stream().noneMatch(e -> e.status() == ExecutionStatus.RUNNING);
    if (!quiet || !dynamoDb.capacity(TABLE).equals(capacity)) {
      return;
    }
    ObjectNode request = JSON.objectNode().put("TableName", TABLE);
    request
        .putObject("ProvisionedThroughput")
        .put("ReadCapacityUnits", chance(0.5) ? 20 : 350)
        .put("WriteCapacityUnits", chance(0.5) ? 9 : 120);
    try {
      dynamoDb.call("UpdateTable", request);
      capacity = dynamoDb.capacity(TABLE);
      tell("set " + capacity);
    } catch (TaskFailure e) {
      tell("not set: " + e.getMessage());
    }
  }

  /** As whoever pauses or resumes a run does. */
  private void pause(String run, boolean paused) {
    tell((paused ? "pause " : "resume ") + run);
    ObjectNode request = JSON.objectNode().put("TableName", LEDGER);
    ObjectNode key = request.putObject("Key");
    key.putObject("pk").put("S", "RUN#" + run);
    key.putObject("sk").put("S", "RATE");
    request.put("UpdateExpression", "SET paused = :paused");
    request.putObject("ExpressionAttributeValues").putObject(":paused").put("BOOL", paused);
    try {
      dynamoDb.call("UpdateItem", request);
    } catch (TaskFailure e) {
      throw new IllegalStateException(e);
    }
  }

  boolean hasCanary() {
    return hasCanary;
  }

  /** What the ledger says that a canary has come to. */
  String canary(String run) {
    return dynamoDb
        .item(LEDGER, "RUN#" + run, "CANARY")
        .map(
            item ->
                item.at("/scanned/N").asText()
                    + " scanned, "
                    + item.at("/checked/N").asText()
                    + " checked")
        .orElse("none");
  }

  /** Whoever has looked at what the canary has come to resumes the run. */
  private void openGate(String run) {
    if (dynamoDb
        .item(LEDGER, "RUN#" + run, "RATE")
        .filter(rate -> rate.has("gateAt"))
        .isPresent()) {
      pause(run, false);
    }
  }

  private boolean isPaused(String run) {
    return dynamoDb
        .item(LEDGER, "RUN#" + run, "RATE")
        .map(rate -> rate.at("/paused/BOOL").asBoolean())
        .orElse(false);
  }

  /** An overcount would let the others go too fast. */
  private void checkCount(String run) {
    int counted = 0;
    var rate = dynamoDb.item(LEDGER, "RUN#" + run, "RATE");
    if (rate.isPresent()) {
      for (var attribute : rate.get().properties()) {
        counted +=
            attribute.getKey().startsWith("scanned-") ? attribute.getValue().get("N").asInt() : 0;
      }
    }
    int are = finished.getOrDefault(run, Set.of()).size();
    if (counted > are) {
      violations.add(
          loop.now()
              + ": "
              + counted
              + " segments of "
              + run
              + " are counted, "
              + are
              + " are finished");
    }
  }

  /** Lets nothing go wrong any more, and everybody do what they should, until all is done. */
  void finish() {
    faultsLeft = 0;
    outages.clear();
    brokenUntil = Instant.MIN;
    runs.forEach(run -> pause(run, false));
    for (int round = 0; round < 20 && !isDone(); round++) {
      recover();
      startFailedSettlementsAgain();
      runs.forEach(this::openGate);
      for (String run : runs) {
        redrive(run, false);
      }
      later(Duration.ofMinutes(15), this::sweep);
      loop.run(Duration.ofMinutes(70));
    }
    loop.runUntilIdle(); // settlements that wait an hour, and then another
  }

  /** As the alarm says: with the same input. */
  private void startFailedSettlementsAgain() {
    for (ExecutionSummary one : engine.executions()) {
      if (one.stateMachine().equals(Definitions.SETTLE_RUN)
          && one.status() == ExecutionStatus.FAILED
          && startedAgain.add(one.name())) {
        settle(one.input());
      }
    }
  }

  private boolean isDone() {
    boolean settled =
        engine.executions().stream()
            .filter(one -> one.stateMachine().equals(Definitions.SETTLE_RUN))
            .allMatch(
                one ->
                    one.status() == ExecutionStatus.SUCCEEDED
                        || one.status() == ExecutionStatus.ABORTED
                        || startedAgain.contains(one.name())
                        || (one.status() == ExecutionStatus.RUNNING && !one.killed()));
    return settled
        && opened().stream()
            .allMatch(
                run ->
                    engine.find(run).orElseThrow().status() == ExecutionStatus.SUCCEEDED
                        && record(run)
                            .map(r -> !status(r).equals("RUNNING") && !r.has("capacityNotRestored"))
                            .orElse(false));
  }

  /** The runs that have ever had the table. */
  List<String> opened() {
    return runs.stream()
        .filter(
            run ->
                record(run)
                    .map(r -> r.at("/executionArn/S").asText())
                    .equals(engine.find(run).map(ExecutionSummary::arn)))
        .toList();
  }

  private Optional<String> anyRun() {
    List<String> all = List.copyOf(runs);
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

  private void start(String name) {
    ObjectNode request =
        (ObjectNode)
            json(
                """
                {"version": 1, "tableName": "Cities", "migration": "m1", "direction": "up",
                 "mode": "apply", "maxConcurrency": 2, "sliceSeconds": 240, "guard": "read-set",
                 "itemFailuresAllowed": 5, "toleratedFailurePercentage": 0, "parameters": {}}
                """);
    request.put("runId", name).put("totalSegments", SEGMENTS);
    if (chance(0.7)) {
      boolean usual = chance(0.7);
      request
          .putObject("prewarm")
          .put("readUnits", usual ? 300 : 150 + 300 * random.nextInt(2))
          .put("writeUnits", usual ? 100 : 50 + 100 * random.nextInt(2));
    }
    if (hasCanary) {
      request
          .putObject("canary")
          .put("segments", 1)
          .put("wait", name.equals("a"))
          .put("againPerHundred", 0)
          .put("conflictsPerHundred", 5)
          .put("throttlesPerHundred", 10)
          .put("growthBytesPerItem", 1024);
    }
    tell("start " + name);
    runs.add(name);
    executions.put(name, engine.start(machines.migrate, name, request));
  }

  private void sweep() {
    tell("sweep");
    engine.start(machines.sweep, "sweep-" + ++settlements, JSON.objectNode());
  }

  private void settle(JsonNode event) {
    tell("settle " + event.at("/detail/name").asText() + " " + event.at("/detail/redriveCount"));
    String name = "settle-" + ++settlements;
    settling.put(name, engine.start(machines.settle, name, event));
  }

  private void on(ExecutionEvent event) {
    if (event.stateName().equals("Wait an hour") && event.type().endsWith("Entered")) {
      String name = ExecutionNames.executionOf(event.executionArn()).orElseThrow();
      if (chance(0.3)) {
        // As whoever settles from a machine does: nobody waits there.
        later(Duration.ofMillis(1), () -> stopSettlement(name));
      }
    }
    boolean run =
        ExecutionNames.executionOf(event.executionArn()).filter(runs::contains).isPresent();
    if (run && event.type().matches("Execution(Succeeded|Failed|TimedOut|Aborted)")) {
      String name = ExecutionNames.executionOf(event.executionArn()).orElseThrow();
      tell(event.type() + " " + name);
      // The end is on the disk one step later.
      later(Duration.ofMillis(1), () -> end(name));
    }
  }

  private void stopSettlement(String name) {
    Optional.ofNullable(settling.get(name))
        .filter(one -> one.status() == ExecutionStatus.RUNNING)
        .ifPresent(
            one -> {
              tell("nobody waits for " + name);
              one.stop("Godwit.CapacityNotRestored", "nobody waits here");
            });
  }

  private void end(String name) {
    if (engine.find(name).orElseThrow().status() == ExecutionStatus.RUNNING) {
      return; // its process died before it could write its end down
    }
    ObjectNode event = (ObjectNode) engine.statusChangeEvent(name);
    if (!eventsTellRedrives) {
      ((ObjectNode) event.get("detail")).remove("redriveCount");
    }
    int copies = chance(0.2) ? 0 : chance(0.25) ? 2 : 1;
    for (int i = 0; i < copies; i++) {
      later(
          chance(0.7) ? upTo(Duration.ofSeconds(2)) : upTo(Duration.ofHours(3)),
          () -> settle(event.deepCopy()));
    }
  }

  /** As whoever redrives a run has to: the table first. */
  private void redrive(String name, boolean mayDie) {
    ExecutionSummary known = engine.find(name).orElseThrow();
    if (known.status() == ExecutionStatus.SUCCEEDED
        || (known.status() == ExecutionStatus.RUNNING && !known.killed())) {
      return;
    }
    Optional<ObjectNode> record =
        record(name).filter(r -> r.at("/executionArn/S").asText().equals(known.arn()));
    if (record.isEmpty()) {
      if (known.killed()) {
        goOn(name); // it opens itself
      }
      return;
    }
    if (!known.killed() && status(record.get()).equals("RUNNING")) {
      if (isNewlyTaken()) {
        return; // perhaps by somebody who is about to go on with it
      }
      ObjectNode event = (ObjectNode) engine.statusChangeEvent(name);
      ((ObjectNode) event.get("detail"))
          .put("redriveCount", record.get().at("/redrives/N").asInt());
      settle(event);
      return;
    }
    long seen = lease().orElseThrow().at("/fence/N").asLong();
    if (!take(known, record.get(), seen)) {
      return;
    }
    tell("took " + name + " " + (seen + 1));
    Instant taken = loop.now();
    if (mayDie && chance(0.2)) {
      return;
    }
    later(
        mayDie && chance(0.3) ? upTo(Duration.ofMinutes(20)) : Duration.ZERO,
        () -> {
          if (loop.now().isAfter(taken.plus(REDRIVEN_WITHIN))) {
            tell("too late to redrive " + name);
            return;
          }
          goOn(name);
          JsonNode now = lease().orElseThrow();
          if (now.at("/fence/N").asLong() != seen + 1
              || !now.at("/executionArn/S").asText().equals(known.arn())) {
            Optional.ofNullable(executions.get(name))
                .ifPresent(e -> e.stop("Godwit.TableIsTaken", "taken meanwhile"));
          }
        });
  }

  private boolean isNewlyTaken() {
    return lease()
        .filter(lease -> lease.has("since"))
        .filter(
            lease ->
                Instant.parse(lease.at("/since/S").asText()).isAfter(loop.now().minus(LEFT_ALONE)))
        .isPresent();
  }

  private void goOn(String name) {
    try {
      executions.put(name, engine.redrive(name));
      tell("redriven " + name);
    } catch (ExecutionNotRedrivable e) {
      tell("not redriven " + name);
    }
  }

  private boolean take(ExecutionSummary known, JsonNode record, long seen) {
    ObjectNode values = JSON.objectNode();
    values.putObject(":run").put("S", known.name());
    values.putObject(":me").put("S", known.arn());
    values.putObject(":now").put("S", loop.now().toString());
    values.putObject(":seen").put("N", String.valueOf(seen));
    values.putObject(":next").put("N", String.valueOf(seen + 1));
    values.putObject(":running").put("S", "RUNNING");
    values.putObject(":redrives").put("N", String.valueOf(known.redriveCount() + 1));
    values.set(":was", record.get("fence"));
    ObjectNode request = JSON.objectNode();
    var writes = request.putArray("TransactItems");
    update(
        writes.addObject(),
        "TABLE#" + TABLE,
        "LEASE",
        "SET runId = :run, executionArn = :me, since = :now, fence = :next",
        "(attribute_not_exists(executionArn) OR executionArn = :me) AND fence = :seen",
        values);
    update(
        writes.addObject(),
        "RUN#" + known.name(),
        "RUN",
        "SET #status = :running, fence = :next, redrives = :redrives REMOVE endedAt, error, cause",
        "fence = :was AND executionArn = :me",
        values);
    try {
      dynamoDb.call("TransactWriteItems", request);
      return true;
    } catch (TaskFailure e) {
      return false;
    }
  }

  private static void update(
      ObjectNode into, String pk, String sk, String update, String condition, JsonNode values) {
    ObjectNode all = into.putObject("Update").put("TableName", LEDGER);
    ObjectNode key = all.putObject("Key");
    key.putObject("pk").put("S", pk);
    key.putObject("sk").put("S", sk);
    all.put("UpdateExpression", update).put("ConditionExpression", condition);
    all.putObject("ExpressionAttributeNames").put("#status", "status");
    all.set("ExpressionAttributeValues", values);
  }

  private void die() {
    tell("killed");
    engine.close();
    engine = newEngine();
    later(chance(0.5) ? upTo(Duration.ofMinutes(1)) : upTo(Duration.ofHours(2)), this::recover);
  }

  /** Settlements that were killed go on where they stood; of runs their users decide. */
  private void recover() {
    for (ExecutionSummary killed : engine.executions()) {
      if (!killed.killed()) {
        continue;
      }
      if (!killed.stateMachine().equals(Definitions.MIGRATE_TABLE)) {
        settling.put(killed.name(), engine.redrive(killed.name()));
      } else if (chance(0.5)) {
        redrive(killed.name(), true);
      } else if (engine.abortKilled(killed.name(), "Stopped", "after a kill")) {
        tell("aborted " + killed.name());
        end(killed.name());
      }
    }
  }

  // The services

  private final class Services implements VirtualLoop.Slow {
    @Override
    public Duration latency(TaskCall call) {
      String service = service(call);
      if (service.equals("lambda:invoke")) {
        watch(call);
      }
      Fate fate = Fate.ANSWERED;
      boolean isRare = GATE.contains(call.stateName());
      if (faultsLeft > 0 && chance(isRare ? Math.max(faultRate, 0.2) : faultRate)) {
        faultsLeft--;
        fate = FATES.get(random.nextInt(FATES.size()));
        if (fate == Fate.ANSWERED) {
          outages.put(service, loop.now().plus(upTo(Duration.ofMinutes(10))));
        }
        tell("fault " + fate + " " + call.stateName() + " " + call.executionArn());
      }
      fates.put(call, fate);
      return faultsLeft > 0 && chance(faultRate / 2)
          ? upTo(Duration.ofHours(2))
          : Duration.ofMillis(10 + random.nextInt(100));
    }

    private static String service(TaskCall call) {
      String name = Resources.shortName(call.resource());
      return name.startsWith("aws-sdk:") ? name.split(":", -1)[1] : name;
    }

    @Override
    public JsonNode call(TaskCall call) throws Exception {
      Fate fate = fates.remove(call);
      Instant outage = outages.get(service(call));
      if (fate == Fate.REFUSED || (outage != null && loop.now().isBefore(outage))) {
        throw new TaskFailure("Some.InternalServerErrorException", "refused");
      }
      if (fate == Fate.DIES_BEFORE) {
        die();
        throw new TaskFailure("Some.SdkClientException", "nobody hears this");
      }
      JsonNode answer = answer(call);
      if (Boolean.getBoolean("lifecycle.calls")) {
        tell(
            "  "
                + call.executionArn()
                + " "
                + call.stateName()
                + " "
                + call.arguments()
                + " "
                + answer);
      }
      checkFence();
      runs.forEach(LifecycleWorld.this::checkCount);
      if (fate == Fate.DIES_AFTER) {
        die();
      }
      if (fate == Fate.UNHEARD) {
        throw new TaskFailure("Some.SdkClientException", "the answer was lost");
      }
      return answer;
    }

    private JsonNode answer(TaskCall call) throws Exception {
      String name = Resources.shortName(call.resource());
      String operation = name.substring(name.lastIndexOf(':') + 1);
      operation = operation.substring(0, 1).toUpperCase(Locale.ROOT) + operation.substring(1);
      return switch (service(call)) {
        case "dynamodb" -> dynamoDb.call(operation, call.arguments());
        case "applicationautoscaling" -> scaling.call(operation, call.arguments());
        case "lambda" -> alias(operation, call.arguments().get("Name").textValue());
        case "lambda:invoke" -> worker(call.arguments());
        case "s3" -> JSON.objectNode().put("KeyCount", 0);
        case "sfn" -> operation.equals("StartExecution") ? started(call) : describe(call);
        default -> throw new AssertionError("a service that is not simulated: " + name);
      };
    }

    private JsonNode alias(String operation, String name) throws TaskFailure {
      if (operation.equals("DeleteAlias")) {
        aliases.remove(name);
      } else if (!aliases.add(name)) {
        throw new TaskFailure("Lambda.ResourceConflictException", "Alias already exists: " + name);
      }
      return JSON.objectNode();
    }

    private JsonNode started(TaskCall call) throws Exception {
      try {
        String name = call.arguments().get("Name").textValue();
        settling.put(
            name,
            engine.start(
                machines.settle, name, Json.parse(call.arguments().get("Input").textValue())));
        tell("swept " + call.arguments().get("Input").textValue());
      } catch (ExecutionAlreadyExists e) {
        throw new TaskFailure("Sfn.ExecutionAlreadyExistsException", "exists");
      }
      return JSON.objectNode();
    }

    /** Eventually consistent: at times as it was up to a minute ago. */
    private JsonNode describe(TaskCall call) throws Exception {
      JsonNode now = BuiltInTasks.describeExecution(home.resolve("executions")).call(call);
      var before = described.computeIfAbsent(call.executionArn(), a -> new TreeMap<>());
      var recent = before.tailMap(loop.now().minusSeconds(60)).values().stream().findFirst();
      before.put(loop.now(), now);
      if (faultsLeft == 0 || !chance(0.3)) {
        return now;
      }
      // Or as it never was told to anybody: running, as before its end.
      return recent.orElseGet(
          () -> {
            ObjectNode running = now.deepCopy();
            running.put("Status", "RUNNING").remove("StopDate");
            return running;
          });
    }

    private JsonNode worker(JsonNode arguments) throws TaskFailure {
      ObjectNode answer = JSON.objectNode().put("ExecutedVersion", "12");
      ObjectNode payload = answer.putObject("Payload");
      JsonNode request = arguments.get("Payload");
      if (request.has("wake")) {
        payload.put("code", "abc");
        if (hasHooks) {
          payload.putArray("hooks").add("before").add("after");
        }
        return answer;
      }
      if (request.has("hook")) {
        hooked(request);
        return answer;
      }
      int segment = request.get("segment").intValue();
      if (segment == 1 && loop.now().isBefore(brokenUntil)) {
        throw new TaskFailure("dev.godwit.worker.ItemFailuresExceeded", "too many");
      }
      payload.put("segment", segment);
      String run = request.get("runId").textValue();
      if (hasHooks && !called(run).contains("before")) {
        violations.add(loop.now() + ": " + run + " scans before what comes before");
      }
      boolean checks = request.get("mode").asText().equals("verify");
      checkOrder(run, segment, request);
      int before = request.at("/segmentTally/scanned").asInt(0);
      int scanned = isPaused(run) ? before : before + 10;
      if (scanned < 20) {
        payload.putObject("cursor").putObject("id").put("S", "x");
      } else if (checks || !request.has("canary")) {
        finished.computeIfAbsent(run, any -> new TreeSet<>()).add(segment);
      }
      payload.put("paused", scanned < 20 && isPaused(run));
      payload.putObject("tally").put("scanned", scanned - before);
      payload
          .putObject("segmentTally")
          .put("scanned", scanned)
          .put("failed", segment == 0 ? failing : 0);
      return answer;
    }
  }

  /** The others are behind the gate, and a canary that waits is let through by somebody. */
  private void checkOrder(String run, int segment, JsonNode request) {
    if (!hasCanary) {
      return;
    }
    if ((segment == CANARY) != request.has("canary")) {
      violations.add(loop.now() + ": " + run + " takes segment " + segment + " for what it is not");
    }
    if (segment != CANARY && !finished.getOrDefault(run, Set.of()).contains(CANARY)) {
      violations.add(loop.now() + ": " + run + " goes on though its canary is not checked");
    }
    boolean wasClosed =
        dynamoDb.item(LEDGER, "RUN#" + run, "RATE").filter(rate -> rate.has("gateAt")).isPresent();
    if (segment != CANARY && run.equals("a") && !wasClosed) {
      violations.add(loop.now() + ": " + run + " goes on though its gate was never closed");
    }
  }

  private void hooked(JsonNode request) throws TaskFailure {
    if (loop.now().isBefore(brokenUntil)) {
      throw new TaskFailure("dev.godwit.worker.HookFailed", "not now");
    }
    String run = request.get("runId").textValue();
    String hook = request.get("hook").textValue();
    if (hook.equals("after") && finished.getOrDefault(run, Set.of()).size() < SEGMENTS) {
      violations.add(loop.now() + ": " + run + " is not done, and what comes after is called");
    }
    hooks.computeIfAbsent(run, any -> new TreeSet<>()).add(hook);
  }

  /** Whoever scans must have the table. */
  private void watch(TaskCall call) {
    JsonNode run = call.arguments().at("/Payload/runId");
    String holder = lease().map(l -> l.at("/runId/S").asText()).orElse("nobody");
    if (run.isTextual() && !run.asText().equals(holder)) {
      violations.add(loop.now() + ": " + run.asText() + " scans, and " + holder + " has the table");
    }
  }

  private void checkFence() {
    if (lease().isEmpty()) {
      return;
    }
    long now = lease().get().path("fence").path("N").asLong(-1);
    if (now < fence) {
      violations.add(loop.now() + ": the fence was " + fence + " and is " + now);
    }
    fence = Math.max(fence, now);
  }
}
