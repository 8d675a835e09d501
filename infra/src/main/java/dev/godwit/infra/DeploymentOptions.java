package dev.godwit.infra;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.compiler.MigrationsFolder;
import dev.godwit.run.Guard;
import dev.godwit.run.RunSettings;
import dev.godwit.run.stage.Stages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import software.amazon.awscdk.Fn;
import software.amazon.awscdk.services.ec2.ISecurityGroup;
import software.amazon.awscdk.services.ec2.ISubnet;
import software.amazon.awscdk.services.ec2.SecurityGroup;
import software.amazon.awscdk.services.ec2.Subnet;
import software.amazon.awscdk.services.ec2.SubnetSelection;
import software.amazon.awscdk.services.ec2.Vpc;
import software.amazon.awscdk.services.ec2.VpcAttributes;
import software.amazon.awscdk.services.lambda.Architecture;
import software.amazon.awscdk.services.logs.RetentionDays;
import software.constructs.Construct;

/**
 * The options of a deployment: {@code godwit.json}, checked. Whatever is wrong ends in one {@link
 * InvalidOptions} that names the option.
 *
 * <p>Paths are taken from the folder that the file is in; Godwit's own jars, unless they are named,
 * from {@code home}, where Godwit was built, or else from that folder too.
 */
public final class DeploymentOptions {
  /** Options that may be given as CDK context too, which wins over the file. */
  static final Set<String> CONTEXT =
      new TreeSet<>(
          List.of(
              "account",
              "architecture",
              "destroyData",
              "home",
              "memoryMegabytes",
              "migrations",
              "region",
              "reservedConcurrency",
              "runtime",
              "stackName",
              "tables",
              "timeoutSeconds"));

  private static final ObjectMapper JSON =
      new ObjectMapper()
          .configure(JsonParser.Feature.STRICT_DUPLICATE_DETECTION, true)
          .configure(DeserializationFeature.FAIL_ON_TRAILING_TOKENS, true);

  private final String stackName;
  private final Optional<String> account;
  private final Optional<String> region;
  private final Optional<String> permissionsBoundary;
  private final Map<String, String> tags;
  private final boolean terminationProtection;
  private final TableMigrationsProps.Builder builder;
  private final Optional<Vpcs> vpc;

  private DeploymentOptions(OptionReader in, Path folder) {
    stackName = in.text("stackName").orElse("Godwit");
    if (!stackName.matches("[A-Za-z][A-Za-z0-9-]{0,127}")) {
      throw new InvalidOptions(
          "stackName must be letters, digits and hyphens and begin with a letter, not \""
              + stackName
              + "\".");
    }
    account = in.text("account");
    account.ifPresent(
        text -> {
          if (!text.matches("\\d{12}")) {
            throw new InvalidOptions("account must be 12 digits, not \"" + text + "\".");
          }
        });
    region = in.text("region");
    permissionsBoundary = in.text("permissionsBoundary");
    permissionsBoundary.ifPresent(
        text -> {
          if (!text.matches("arn:aws[a-z-]*:iam::(\\d{12}|aws):policy/.+")) {
            throw new InvalidOptions(
                "permissionsBoundary must be a policy's ARN (arn:aws:iam::ACCOUNT:policy/NAME), not \""
                    + text
                    + "\".");
          }
        });
    tags = in.texts("tags");
    terminationProtection = in.bool("terminationProtection").orElse(false);
    builder = TableMigrationsProps.builder();
    Path home = in.text("home").map(Path::of).orElse(folder);
    builder.workerJar(
        ownJar(in, folder, home, "workerJar", "segment-worker/target/segment-worker-lambda.jar"));
    var everywhere =
        in.list("holdOnAlarm").stream()
            .map(node -> OptionReader.text("holdOnAlarm", node))
            .toList();
    for (JsonNode node : in.list("tables")) {
      var alarms = new ArrayList<>(everywhere);
      var table = table("tables", node, alarms);
      builder.table(table);
      if (!alarms.isEmpty()) {
        builder.holdOnAlarm(table.name(), alarms);
      }
    }
    in.list("actionTables").forEach(node -> builder.actionTable(table("actionTables", node)));
    in.list("targets").forEach(node -> builder.target(table("targets", node)));
    in.list("sources").forEach(node -> builder.source(source(node)));
    var migrations = in.find("migrations");
    for (JsonNode node : in.list("migrations")) {
      builder.migrations(jarOrFolder(folder, OptionReader.text("migrations", node)));
    }
    if (migrations.isEmpty() && MigrationsFolder.isOne(folder.resolve(MigrationsFolder.NAME))) {
      builder.migrations(folder.resolve(MigrationsFolder.NAME));
    }
    in.text("architecture").ifPresent(text -> builder.architecture(architecture(text)));
    in.text("runtime").ifPresent(text -> builder.runtime(SegmentWorkerFunction.runtime(text)));
    in.integer("memoryMegabytes").ifPresent(builder::memoryMegabytes);
    in.integer("timeoutSeconds").ifPresent(builder::timeoutSeconds);
    in.integer("reservedConcurrency").ifPresent(builder::reservedConcurrency);
    in.integer("requestsInFlight").ifPresent(builder::requestsInFlight);
    in.text("writer").ifPresent(text -> builder.singleWrites(single(text)));
    in.integer("keepResultsDays").ifPresent(builder::keepResultsDays);
    in.text("resultsKmsKey").ifPresent(builder::resultsKmsKeyArn);
    in.bool("destroyData").ifPresent(builder::destroyData);
    in.integer("keepLogsDays").ifPresent(days -> builder.keepLogs(logDays(days)));
    in.text("notificationTopic")
        .ifPresent(
            arn ->
                builder.notifications(
                    new NotificationTopic(arn, in.text("notificationTopicKmsKey"))));
    in.integer("stalledAfterMinutes").ifPresent(builder::stalledAfterMinutes);
    vpc = in.object("vpc").map(Vpcs::of);
    var runs = in.list("runDuringDeployment");
    for (JsonNode node : runs) {
      builder.runDuringDeployment(run(node));
    }
    if (!runs.isEmpty()) {
      builder.deploymentJar(
          ownJar(in, folder, home, "deploymentJar", "infra/target/deployment-lambda.jar"));
    } else {
      in.text("deploymentJar");
    }
    in.find(Stages.MEMBER).ifPresent(DeploymentOptions::checkStages);
    in.refuseOthers();
  }

  /** They are for the {@code godwit} command; what it would refuse is refused here, too. */
  private static void checkStages(JsonNode stages) {
    try {
      Stages.of(stages);
    } catch (IllegalArgumentException e) {
      throw new InvalidOptions(e.getMessage() + ".", e);
    }
  }

  /**
   * Reads a file of options.
   *
   * @param context options that win over the file's, by name
   * @throws InvalidOptions when the file is not there or something in it cannot be
   */
  static DeploymentOptions read(Path file, Map<String, String> context) {
    JsonNode root;
    try {
      root = JSON.readTree(Files.readString(file));
    } catch (NoSuchFileException e) {
      throw new InvalidOptions(
          "There is no file "
              + file
              + "; write one as docs/aws.md shows, or name it with -c config=FILE.",
          e);
    } catch (JsonProcessingException e) {
      throw new InvalidOptions(
          file
              + " is not JSON, at line "
              + e.getLocation().getLineNr()
              + ": "
              + e.getOriginalMessage()
              + ".",
          e);
    } catch (IOException e) {
      throw new InvalidOptions(file + " cannot be read: " + e.getMessage() + ".", e);
    }
    if (!(root instanceof ObjectNode object)) {
      throw new InvalidOptions(file + " must hold one JSON object.");
    }
    var given = object.deepCopy();
    new TreeMap<>(context).forEach((name, value) -> given.set(name, fromContext(name, value)));
    Path folder = file.toAbsolutePath().getParent();
    return new DeploymentOptions(
        new OptionReader("", given), folder == null ? Path.of("/") : folder);
  }

  /** Context is text; lists have commas. */
  private static JsonNode fromContext(String name, String value) {
    var nodes = JsonNodeFactory.instance;
    if (name.equals("tables") || name.equals("migrations")) {
      var list = nodes.arrayNode();
      for (String part : value.split(",", -1)) {
        list.add(part.strip());
      }
      return list;
    }
    if (value.equals("true") || value.equals("false")) {
      return nodes.booleanNode(Boolean.parseBoolean(value));
    }
    return value.matches("\\d{1,9}")
        ? nodes.numberNode(Integer.parseInt(value))
        : nodes.textNode(value);
  }

  String stackName() {
    return stackName;
  }

  Optional<String> account() {
    return account;
  }

  Optional<String> region() {
    return region;
  }

  Optional<String> permissionsBoundary() {
    return permissionsBoundary;
  }

  Map<String, String> tags() {
    return tags;
  }

  boolean terminationProtection() {
    return terminationProtection;
  }

  /** The jars of migrations, and what they need. */
  List<Path> migrations() {
    return builder.migrations();
  }

  /** The construct's properties; a VPC is looked up by its ids, without asking AWS. */
  TableMigrationsProps props(Construct scope) {
    vpc.ifPresent(v -> v.addTo(builder, scope));
    return builder.build();
  }

  private static Path ownJar(
      OptionReader in, Path folder, Path home, String option, String standard) {
    return in.text(option)
        .map(name -> file(folder, option, name))
        .orElseGet(() -> file(home, option, standard));
  }

  private static Path jarOrFolder(Path folder, String name) {
    Path found = folder.resolve(name);
    return Files.isDirectory(found) ? found : file(folder, "migrations", name);
  }

  private static Path file(Path folder, String option, String name) {
    Path file = folder.resolve(name);
    if (!Files.isRegularFile(file)) {
      throw new InvalidOptions(
          option
              + " names "
              + file
              + ", which is not a file; build it first, or correct the path.");
    }
    return file;
  }

  private static TableRef table(String option, JsonNode node) {
    if (node.isTextual()) {
      return TableRef.of(node.asText());
    }
    return table(option, OptionReader.of(option, node));
  }

  /**
   * @param alarms those that its own runs wait for are added
   */
  private static TableRef table(String option, JsonNode node, List<String> alarms) {
    if (node.isTextual()) {
      return TableRef.of(node.asText());
    }
    var in = OptionReader.of(option, node);
    in.list("holdOnAlarm")
        .forEach(alarm -> alarms.add(OptionReader.text(option + ".holdOnAlarm", alarm)));
    return table(option, in);
  }

  private static TableRef table(String option, OptionReader in) {
    String nameOrArn =
        in.text("table")
            .orElseThrow(
                () ->
                    new InvalidOptions(
                        option + " has an entry without \"table\", its name or ARN."));
    var table = new TableRef(nameOrArn, in.text("kmsKey"));
    in.refuseOthers();
    return table;
  }

  private static SourceRef source(JsonNode node) {
    if (node.isTextual()) {
      return SourceRef.of(node.asText());
    }
    var in = OptionReader.of("sources", node);
    var location =
        in.text("location")
            .orElseThrow(
                () ->
                    new InvalidOptions(
                        "sources has an entry without \"location\", as in s3://BUCKET/PREFIX."));
    var source = new SourceRef(location, in.text("kmsKey"));
    in.refuseOthers();
    return source;
  }

  private static DeploymentRun run(JsonNode node) {
    String option = "runDuringDeployment";
    var in = OptionReader.of(option, node);
    String table =
        in.text("table")
            .orElseThrow(() -> new InvalidOptions(option + " has an entry without \"table\"."));
    var steps = new ArrayList<DeploymentRun.Step>();
    for (JsonNode step : in.list("migrations")) {
      if (step.isTextual()) {
        steps.add(new DeploymentRun.Step(step.asText(), false));
      } else {
        var one = OptionReader.of(option + ".migrations", step);
        steps.add(
            new DeploymentRun.Step(
                one.text("id")
                    .orElseThrow(
                        () ->
                            new InvalidOptions(
                                option + ".migrations has an entry without \"id\".")),
                one.bool("undoable").orElse(false),
                one.find("keyChange").map(DeploymentOptions::newKey)));
        one.refuseOthers();
      }
    }
    var run =
        new DeploymentRun(
            table,
            steps,
            in.bool("wait").orElse(true),
            in.integer("itemsWrittenPercent").orElse(100),
            settings(in));
    in.refuseOthers();
    return run;
  }

  private static DeploymentRun.NewKey newKey(JsonNode node) {
    var in = OptionReader.of("runDuringDeployment.migrations.keyChange", node);
    var target =
        in.text("target")
            .orElseThrow(
                () ->
                    new InvalidOptions(
                        "keyChange has no \"target\", the name of the table that replaces this one."));
    var export = in.text("export").orElse("begin");
    if (!export.equals("begin") && !export.equals("require")) {
      throw new InvalidOptions(
          "keyChange.export must be begin or require, not \"" + export + "\".");
    }
    var newKey =
        DeploymentRun.NewKey.of(
            target,
            in.text("put").orElse("if-absent"),
            in.text("from").orElse("table"),
            export.equals("begin"));
    in.refuseOthers();
    return newKey;
  }

  private static RunSettings settings(OptionReader in) {
    var standard = RunSettings.DEFAULT;
    try {
      return new RunSettings(
          in.integer("totalSegments").orElse(standard.totalSegments()),
          in.integer("maxConcurrency").orElse(standard.maxConcurrency()),
          in.integer("sliceSeconds").orElse(standard.sliceSeconds()),
          in.text("guard").map(Guard::of).orElse(standard.guard()),
          in.integer("itemFailuresAllowed").orElse(standard.itemFailuresAllowed()),
          standard.toleratedFailurePercentage(),
          in.integer("readUnitsPerSecond"),
          in.integer("writeUnitsPerSecond"),
          in.texts("parameters"));
    } catch (IllegalArgumentException e) {
      throw new InvalidOptions(e.getMessage() + ".", e);
    }
  }

  private static Architecture architecture(String text) {
    return switch (text) {
      case "arm64" -> Architecture.ARM_64;
      case "x86_64" -> Architecture.X86_64;
      default ->
          throw new InvalidOptions("architecture must be arm64 or x86_64, not \"" + text + "\".");
    };
  }

  private static boolean single(String text) {
    return switch (text) {
      case "single" -> true;
      case "batched" -> false;
      default ->
          throw new InvalidOptions("writer must be batched or single, not \"" + text + "\".");
    };
  }

  private static RetentionDays logDays(int days) {
    return switch (days) {
      case 1 -> RetentionDays.ONE_DAY;
      case 7 -> RetentionDays.ONE_WEEK;
      case 14 -> RetentionDays.TWO_WEEKS;
      case 30 -> RetentionDays.ONE_MONTH;
      case 90 -> RetentionDays.THREE_MONTHS;
      case 180 -> RetentionDays.SIX_MONTHS;
      case 365 -> RetentionDays.ONE_YEAR;
      case 731 -> RetentionDays.TWO_YEARS;
      default ->
          throw new InvalidOptions(
              "keepLogsDays must be 1, 7, 14, 30, 90, 180, 365 or 731, not " + days + ".");
    };
  }

  /** A VPC by the ids of its parts. */
  private record Vpcs(String id, List<String> subnets, List<String> securityGroups) {
    static Vpcs of(OptionReader in) {
      var vpc =
          new Vpcs(
              in.text("id")
                  .orElseThrow(() -> new InvalidOptions("vpc needs an \"id\", as in vpc-0123.")),
              in.list("subnets").stream().map(n -> OptionReader.text("vpc.subnets", n)).toList(),
              in.list("securityGroups").stream()
                  .map(n -> OptionReader.text("vpc.securityGroups", n))
                  .toList());
      if (vpc.subnets().isEmpty() || vpc.securityGroups().isEmpty()) {
        throw new InvalidOptions("vpc needs the ids of its \"subnets\" and \"securityGroups\".");
      }
      in.refuseOthers();
      return vpc;
    }

    void addTo(TableMigrationsProps.Builder builder, Construct scope) {
      var places = new ArrayList<String>();
      var inside = new ArrayList<ISubnet>();
      for (int i = 0; i < subnets.size(); i++) {
        places.add(Fn.select(0, Fn.getAzs())); // CDK asks for them, and uses them for nothing here
        inside.add(Subnet.fromSubnetId(scope, "Subnet" + i, subnets.get(i)));
      }
      var groups = new ArrayList<ISecurityGroup>();
      for (int i = 0; i < securityGroups.size(); i++) {
        groups.add(
            SecurityGroup.fromSecurityGroupId(scope, "SecurityGroup" + i, securityGroups.get(i)));
      }
      builder.vpc(
          Vpc.fromVpcAttributes(
              scope,
              "Vpc",
              VpcAttributes.builder()
                  .vpcId(id)
                  .availabilityZones(places)
                  .privateSubnetIds(subnets)
                  .build()),
          SubnetSelection.builder().subnets(inside).build(),
          groups);
    }
  }

  /** Reads options of one object, and knows which of them nobody has asked for. */
  private static final class OptionReader {
    private final String prefix;
    private final ObjectNode object;
    private final Set<String> known = new TreeSet<>();

    OptionReader(String prefix, ObjectNode object) {
      this.prefix = prefix;
      this.object = object;
    }

    static OptionReader of(String option, JsonNode node) {
      if (node instanceof ObjectNode object) {
        return new OptionReader(option + ".", object);
      }
      throw new InvalidOptions(
          option + " has an entry that is neither text nor an object: " + node + ".");
    }

    Optional<String> text(String name) {
      return find(name).map(node -> text(prefix + name, node));
    }

    static String text(String name, JsonNode node) {
      if (node.isTextual() || node.isIntegralNumber()) {
        return node.asText();
      }
      throw new InvalidOptions(name + " must be text, not " + node + ".");
    }

    Optional<Boolean> bool(String name) {
      return find(name)
          .map(
              node -> {
                if (node.isBoolean()) {
                  return node.asBoolean();
                }
                throw new InvalidOptions(
                    prefix + name + " must be true or false, not " + node + ".");
              });
    }

    OptionalInt integer(String name) {
      var found = find(name);
      if (found.isEmpty()) {
        return OptionalInt.empty();
      }
      if (found.get().isIntegralNumber() && found.get().canConvertToInt()) {
        return OptionalInt.of(found.get().asInt());
      }
      throw new InvalidOptions(prefix + name + " must be a whole number, not " + found.get() + ".");
    }

    List<JsonNode> list(String name) {
      var nodes = new ArrayList<JsonNode>();
      find(name)
          .ifPresent(
              node -> {
                if (!node.isArray()) {
                  throw new InvalidOptions(prefix + name + " must be a list, not " + node + ".");
                }
                node.forEach(nodes::add);
              });
      return nodes;
    }

    Map<String, String> texts(String name) {
      var found = new TreeMap<String, String>();
      object(name)
          .ifPresent(
              in ->
                  in.object
                      .fieldNames()
                      .forEachRemaining(key -> found.put(key, in.text(key).orElseThrow())));
      return found;
    }

    Optional<OptionReader> object(String name) {
      return find(name)
          .map(
              node -> {
                if (node instanceof ObjectNode inner) {
                  return new OptionReader(prefix + name + ".", inner);
                }
                throw new InvalidOptions(prefix + name + " must be an object, not " + node + ".");
              });
    }

    void refuseOthers() {
      object
          .fieldNames()
          .forEachRemaining(
              name -> {
                if (!known.contains(name)) {
                  throw new InvalidOptions(
                      "There is no option "
                          + prefix
                          + name
                          + "; there are "
                          + String.join(", ", known)
                          + ".");
                }
              });
    }

    private Optional<JsonNode> find(String name) {
      known.add(name);
      @Nullable JsonNode node = object.get(name);
      return node == null || node.isNull() ? Optional.empty() : Optional.of(node);
    }
  }
}
