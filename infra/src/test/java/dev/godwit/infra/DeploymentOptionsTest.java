package dev.godwit.infra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.compiler.MigrationsFolder;
import dev.godwit.run.Guard;
import dev.godwit.run.code.CodeDigest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.lambda.Architecture;
import software.amazon.awscdk.services.logs.RetentionDays;

class DeploymentOptionsTest {
  private @TempDir Path folder;

  @BeforeEach
  void jars() throws IOException {
    for (String name : new String[] {"worker.jar", "ours.jar", "deployment.jar"}) {
      Placeholder.jar(folder, name);
    }
  }

  @Test
  void read_theLeast_hasDefaults() {
    var options = read("{'workerJar': 'worker.jar', 'tables': ['Cities']}");
    var props = options.props(stack());

    assertThat(options.stackName()).isEqualTo("Godwit");
    assertThat(options.account()).isEmpty();
    assertThat(options.permissionsBoundary()).isEmpty();
    assertThat(props.tables).containsExactly(TableRef.of("Cities"));
    assertThat(props.worker.architecture()).isEqualTo(Architecture.ARM_64);
    assertThat(props.destroyData).isFalse();
    assertThat(props.deploymentRuns).isEmpty();
  }

  @Test
  void read_everything_isTaken() {
    var options =
        read(
            """
            {'stackName': 'Ours', 'account': '123456789012', 'region': 'eu-west-1',
             'permissionsBoundary': 'arn:aws:iam::123456789012:policy/Boundary',
             'tags': {'team': 'data'}, 'terminationProtection': true,
             'workerJar': 'worker.jar', 'migrations': ['ours.jar'],
             'tables': [
               'Cities',
               {'table': 'arn:aws:dynamodb:eu-west-1:123456789012:table/Orders',
                'holdOnAlarm': ['arn:aws:cloudwatch:eu-west-1:123456789012:alarm:Errors'],
                'kmsKey': 'arn:aws:kms:eu-west-1:123456789012:key/1234'}],
             'holdOnAlarm': ['arn:aws:cloudwatch:eu-west-1:123456789012:alarm:Slow'],
             'actionTables': ['Users'], 'targets': ['Cities-2'],
             'sources': ['s3://ours/exports/', {'location': 's3://theirs/', 'kmsKey': 'arn:aws:kms:eu-west-1:123456789012:key/1234'}],
             'runtime': 'java25', 'architecture': 'x86_64', 'memoryMegabytes': 1024, 'timeoutSeconds': 600,
             'reservedConcurrency': 20, 'requestsInFlight': 4, 'writer': 'single',
             'keepResultsDays': 30, 'resultsKmsKey': 'arn:aws:kms:eu-west-1:123456789012:key/1234',
             'destroyData': true, 'keepLogsDays': 7,
             'stalledAfterMinutes': 60,
             'notificationTopic': 'arn:aws:sns:eu-west-1:123456789012:endings',
             'vpc': {'id': 'vpc-0123456789abcdef0', 'subnets': ['subnet-0123456789abcdef1', 'subnet-0123456789abcdef2'], 'securityGroups': ['sg-0123456789abcdef0']},
             'deploymentJar': 'deployment.jar',
             'runDuringDeployment': [
               {'table': 'Cities',
                'migrations': ['20261101-first', {'id': '20261102-second', 'undoable': true}],
                'wait': false, 'itemsWrittenPercent': 5, 'totalSegments': 200,
                'writeUnitsPerSecond': 500, 'guard': 'version:v', 'parameters': {'a': 'b'}}]}
            """);
    var props = options.props(stack());

    assertThat(props.stalledAfterMinutes).isEqualTo(60);
    assertThat(props.holdOnAlarm.get("Cities")).extracting(AlarmArn::name).containsExactly("Slow");
    assertThat(props.holdOnAlarm.get("Orders"))
        .extracting(AlarmArn::name)
        .containsExactly("Slow", "Errors");
    assertThat(options.stackName()).isEqualTo("Ours");
    assertThat(options.account()).contains("123456789012");
    assertThat(options.region()).contains("eu-west-1");
    assertThat(options.tags()).isEqualTo(Map.of("team", "data"));
    assertThat(options.terminationProtection()).isTrue();
    assertThat(props.tables).extracting(TableRef::name).containsExactly("Cities", "Orders");
    assertThat(props.tables.get(1).kmsKeyArn()).isPresent();
    assertThat(props.actionTables).extracting(TableRef::name).containsExactly("Users");
    assertThat(props.targets).extracting(TableRef::name).containsExactly("Cities-2");
    assertThat(props.sources)
        .extracting(SourceRef::location)
        .containsExactly("s3://ours/exports/", "s3://theirs/");
    assertThat(props.sources.get(1).kmsKeyArn()).isPresent();
    assertThat(props.worker.migrations()).containsExactly(folder.resolve("ours.jar"));
    assertThat(props.worker.runtime().getName()).isEqualTo("java25");
    assertThat(props.worker.architecture()).isEqualTo(Architecture.X86_64);
    assertThat(props.worker.memoryMegabytes()).isEqualTo(1024);
    assertThat(props.worker.timeout().toSeconds()).isEqualTo(600);
    assertThat(props.worker.reservedConcurrency()).contains(20);
    assertThat(props.worker.requestsInFlight()).contains(4);
    assertThat(props.worker.singleWrites()).isTrue();
    assertThat(props.worker.network()).isPresent();
    assertThat(props.keepResultsDays).isEqualTo(30);
    assertThat(props.destroyData).isTrue();
    assertThat(props.keepLogs).isEqualTo(RetentionDays.ONE_WEEK);
    assertThat(props.notifications).isPresent();
    var run = props.deploymentRuns.get(0);
    assertThat(run.waits()).isFalse();
    assertThat(run.itemsWrittenPercent()).isEqualTo(5);
    assertThat(run.migrations())
        .containsExactly(
            new DeploymentRun.Step("20261101-first", false),
            new DeploymentRun.Step("20261102-second", true));
    assertThat(run.settings().totalSegments()).isEqualTo(200);
    assertThat(run.settings().writeUnitsPerSecond()).hasValue(500);
    assertThat(run.settings().guard()).isEqualTo(new Guard.Version("v"));
    assertThat(run.settings().parameters()).isEqualTo(Map.of("a", "b"));
  }

  @Test
  void read_context_winsOverTheFile() throws IOException {
    var file = write("{'workerJar': 'worker.jar', 'tables': ['Cities'], 'memoryMegabytes': 512}");

    var options =
        DeploymentOptions.read(
            file, Map.of("tables", "A-1, B-2", "memoryMegabytes", "2048", "destroyData", "true"));

    var props = options.props(stack());
    assertThat(props.tables).extracting(TableRef::name).containsExactly("A-1", "B-2");
    assertThat(props.worker.memoryMegabytes()).isEqualTo(2048);
    assertThat(props.destroyData).isTrue();
  }

  @Test
  void read_aFolderOfMigrations_isTheJarsThatAreTriedOnAMachine_andShowsTheirDigest()
      throws IOException {
    migration("20261126-first", "First", "\"new\"");
    Files.createDirectories(folder.resolve("migrations/lib"));
    Placeholder.jar(folder.resolve("migrations/lib"), "tool.jar");
    var tried = MigrationsFolder.at(folder.resolve("migrations")).jars();

    for (String migrations : List.of("", ", 'migrations': ['migrations']")) {
      var options = read("{'workerJar': 'worker.jar', 'tables': ['Cities']" + migrations + "}");

      assertThat(options.props(stack()).worker.migrations()).isEqualTo(tried).hasSize(2);
      assertThat(GodwitApp.code(options.migrations()))
          .contains(
              "Migrations 20261126-first, code " + CodeDigest.shown(CodeDigest.of(tried.get(0))));
    }
    assertThat(
            read("{'workerJar': 'worker.jar', 'tables': ['Cities'], 'migrations': []}")
                .migrations())
        .isEmpty();
  }

  @Test
  void read_aFolderThatDoesNotCompile_hasTheCompilersLinesAndOneSentence() throws IOException {
    migration("20261126-first", "First", "nothing");

    assertThatThrownBy(() -> read("{'workerJar': 'worker.jar', 'tables': ['Cities']}"))
        .isInstanceOf(InvalidOptions.class)
        .hasMessageContaining("First.java:6: error: cannot find symbol")
        .message()
        .endsWith("does not compile: mend what the compiler says above.");
  }

  private void migration(String id, String className, String value) throws IOException {
    var sources = Files.createDirectories(folder.resolve("migrations").resolve(id));
    Files.writeString(
        sources.resolve(className + ".java"),
        """
        import dev.godwit.migration.*;
        public class CLASS implements Migration {
          public String id() { return "ID"; }
          public String table() { return "*"; }
          public String description() { return "Test"; }
          public ItemTransform up() { return (item, c) -> Change.replace(item.with("a", VALUE)); }
        }
        """
            .replace("CLASS", className)
            .replace("ID", id)
            .replace("VALUE", value));
  }

  @ParameterizedTest(name = "{1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "{'workerJar': 'worker.jar'} | There is no table to migrate",
        "{'workerJar': 'no.jar', 'tables': ['Cities']} | no.jar, which is not a file",
        "{'workerJar': 'worker.jar', 'tables': 'Cities'} | tables must be a list, not \"Cities\".",
        "{'workerJar': 'worker.jar', 'tables': ['Cities'], 'sources': ['exports']} | \"exports\" is no place of files in S3",
        "{'workerJar': 'worker.jar', 'tables': ['Cities'], 'sources': [{'kmsKey': 'k'}]} | an entry without \"location\"",
        "{'workerJar': 'worker.jar', 'tables': ['a']} | \"a\" is neither a table's name nor its ARN",
        "{'workerJar': 'worker.jar', 'tables': [{'name': 'Cities'}]} | an entry without \"table\"",
        "{'workerJar': 'worker.jar', 'tables': [{'table': 'Cities', 'key': 'k'}]} | There is no option tables.key",
        "{'workerJar': 'worker.jar', 'tables': [{'table': 'Cities', 'kmsKey': 'k'}]} | \"k\" is not a key's ARN",
        "{'workerJar': 'worker.jar', 'tables': ['Cities'], 'memory': 1} | There is no option memory; there are account,",
        "{'workerJar': 'worker.jar', 'tables': ['Cities'], 'memoryMegabytes': 'x'} | memoryMegabytes must be a whole number",
        "{'workerJar': 'worker.jar', 'tables': ['Cities'], 'memoryMegabytes': 64} | from 128 to 10240 MB, not 64.",
        "{'workerJar': 'worker.jar', 'tables': ['Cities'], 'destroyData': 1} | destroyData must be true or false, not 1.",
        "{'workerJar': 'worker.jar', 'tables': ['Cities'], 'architecture': 'arm'} | architecture must be arm64 or x86_64",
        "{'workerJar': 'worker.jar', 'tables': ['Cities'], 'runtime': 'java17'} | runtime must be java21 or java25, not \"java17\".",
        "{'workerJar': 'worker.jar', 'tables': ['Cities'], 'writer': 'x'} | writer must be batched or single",
        "{'workerJar': 'worker.jar', 'tables': ['Cities'], 'account': '12'} | account must be 12 digits",
        "{'workerJar': 'worker.jar', 'tables': ['Cities'], 'stackName': '1'} | stackName must be letters",
        "{'workerJar': 'worker.jar', 'tables': ['Cities'], 'keepLogsDays': 2} | keepLogsDays must be 1, 7,",
        "{'workerJar': 'worker.jar', 'tables': ['Cities'], 'permissionsBoundary': 'x'} | permissionsBoundary must be a policy's ARN",
        "{'workerJar': 'worker.jar', 'tables': ['Cities'], 'notificationTopic': 'x'} | \"x\" is not a topic's ARN",
        "{'workerJar': 'worker.jar', 'tables': ['Cities'], 'vpc': {'id': 'vpc-0123456789abcdef0'}} | \"subnets\" and \"securityGroups\"",
        "{'workerJar': 'worker.jar', 'tables': ['Cities'], 'deploymentJar': 'deployment.jar', 'runDuringDeployment': [{'table': 'Other', 'migrations': ['20261101-first']}]} | not among the tables to migrate: Cities.",
        "{'workerJar': 'worker.jar', 'tables': ['Cities'], 'deploymentJar': 'deployment.jar', 'runDuringDeployment': [{'table': 'Cities', 'migrations': ['first']}]} | \"first\" is not a migration's id",
        "{'workerJar': 'worker.jar', 'tables': ['Cities'], 'deploymentJar': 'deployment.jar', 'runDuringDeployment': [{'table': 'Cities', 'migrations': []}]} | No migration is named for Cities",
        "{'workerJar': 'worker.jar', 'tables': ['Cities'], 'deploymentJar': 'deployment.jar', 'runDuringDeployment': [{'table': 'Cities', 'migrations': ['20261101-first'], 'guard': 'x'}]} | guard must be read-set, version:<attribute> or none, not \"x\".",
        "{'workerJar': 'worker.jar', 'tables': ['Cities'], 'deploymentJar': 'deployment.jar', 'runDuringDeployment': [{'table': 'Cities', 'migrations': ['20261101-first'], 'sliceSeconds': 900}]} | sliceSeconds must be from 1 to 840, not 900.",
        "{'workerJar': 'worker.jar', 'tables': ['Cities'], 'targets': ['Cities-2'], 'deploymentJar': 'deployment.jar', 'runDuringDeployment': [{'table': 'Cities', 'migrations': [{'id': '20261101-first', 'keyChange': {}}]}]} | keyChange has no \"target\"",
        "{'workerJar': 'worker.jar', 'tables': ['Cities'], 'targets': ['Cities-2'], 'deploymentJar': 'deployment.jar', 'runDuringDeployment': [{'table': 'Cities', 'migrations': [{'id': '20261101-first', 'keyChange': {'target': 'Cities-2', 'from': 'file'}}]}]} | from must be table or export, not \"file\".",
        "{'workerJar': 'worker.jar', 'tables': ['Cities'], 'targets': ['Cities-2'], 'deploymentJar': 'deployment.jar', 'runDuringDeployment': [{'table': 'Cities', 'migrations': [{'id': '20261101-first', 'keyChange': {'target': 'Cities-2', 'put': 'maybe'}}]}]} | put must be if-absent, always or replace-older:",
        "{'workerJar': 'worker.jar', 'tables': ['Cities'], 'targets': ['Cities-2'], 'deploymentJar': 'deployment.jar', 'runDuringDeployment': [{'table': 'Cities', 'migrations': [{'id': '20261101-first', 'keyChange': {'target': 'Cities-2', 'export': 'no'}}]}]} | keyChange.export must be begin or require, not \"no\".",
        "{'workerJar': 'worker.jar', 'tables': ['Cities'], 'targets': ['Cities-2'], 'deploymentJar': 'deployment.jar', 'runDuringDeployment': [{'table': 'Cities', 'migrations': [{'id': '20261101-first', 'keyChange': {'target': 'Cities-2', 'x': 1}}]}]} | keyChange.x",
        "{'workerJar': 'worker.jar', 'tables': ['Cities'], 'targets': ['Cities-2'], 'deploymentJar': 'deployment.jar', 'runDuringDeployment': [{'table': 'Cities', 'migrations': [{'id': '20261101-first', 'keyChange': {'target': 'Cities'}}]}]} | give the new one another name.",
        "{'workerJar': 'worker.jar', 'tables': ['Cities'], 'targets': ['Cities-2'], 'deploymentJar': 'deployment.jar', 'runDuringDeployment': [{'table': 'Cities', 'migrations': [{'id': '20261101-first', 'keyChange': {'target': 'Cities-3'}}]}]} | Cities-3, but it is not among the targets",
        "{'workerJar': 'worker.jar', 'tables': ['Cities'], 'targets': ['Cities-2'], 'deploymentJar': 'deployment.jar', 'runDuringDeployment': [{'table': 'Cities', 'migrations': [{'id': '20261101-first', 'undoable': true, 'keyChange': {'target': 'Cities-2'}}]}]} | a rollback keeps the old table",
        "{'workerJar': 'worker.jar', 'tables': ['Cities'], 'targets': ['Cities-2'], 'deploymentJar': 'deployment.jar', 'runDuringDeployment': [{'table': 'Cities', 'wait': false, 'migrations': [{'id': '20261101-first', 'keyChange': {'target': 'Cities-2'}}]}]} | the deployment has to wait",
        "{'workerJar': 'worker.jar', 'tables': ['Cities'], 'targets': ['Cities-2'], 'deploymentJar': 'deployment.jar', 'runDuringDeployment': [{'table': 'Cities', 'guard': 'none', 'migrations': [{'id': '20261101-first', 'keyChange': {'target': 'Cities-2'}}]}]} | 20261101-first of Cities: ",
        "{'workerJar': 'worker.jar', 'tables': ['Cities'], 'stages': {'prod': {'machine': 'x'}}} | There is no member stages.prod.machine; a stage may have",
        "{'workerJar': 'worker.jar', 'tables': ['Cities'], 'tables': []} | is not JSON, at line 1: Duplicate field",
        "{'workerJar': 'worker.jar', 'tables': [} | is not JSON, at line",
        "[] | must hold one JSON object."
      })
  void read_somethingThatCannotBe_isOneSentenceThatNamesIt(String json, String message) {
    assertThatThrownBy(() -> read(json).props(stack()))
        .isInstanceOf(InvalidOptions.class)
        .hasMessageContaining(message)
        .message()
        .doesNotContain("\n")
        .endsWith(".");
  }

  @Test
  void read_aKeyChange_isAsSaid() {
    var options =
        read(
            """
            {'workerJar': 'worker.jar', 'tables': ['Cities'], 'targets': ['Cities-2'],
             'deploymentJar': 'deployment.jar',
             'runDuringDeployment': [{'table': 'Cities', 'migrations': [
               {'id': '20261101-first', 'keyChange': {'target': 'Cities-2'}},
               {'id': '20261102-second', 'keyChange':
                 {'target': 'Cities-2', 'put': 'replace-older:at', 'from': 'export', 'export': 'require'}}]}]}
            """);

    assertThat(options.props(stack()).deploymentRuns.get(0).migrations())
        .containsExactly(
            new DeploymentRun.Step("20261101-first", DeploymentRun.NewKey.into("Cities-2")),
            new DeploymentRun.Step(
                "20261102-second",
                DeploymentRun.NewKey.of("Cities-2", "replace-older:at", "export", false)));
  }

  @Test
  void read_stages_areLeftToTheCommand() {
    var options =
        read(
            """
            {'workerJar': 'worker.jar', 'tables': ['Cities-prod'],
             'stages': {'prod': {'tables': ['Cities-prod'], 'parameters': {'stage': 'prod'},
               'stateMachine': 'arn:aws:states:eu-west-1:123456789012:stateMachine:Godwit'}}}
            """);
    assertThat(options.props(stack()).tables).containsExactly(TableRef.of("Cities-prod"));
  }

  @Test
  void read_noFile_saysHowToName() {
    assertThatThrownBy(() -> DeploymentOptions.read(folder.resolve("none.json"), Map.of()))
        .isInstanceOf(InvalidOptions.class)
        .hasMessageContaining("There is no file")
        .hasMessageContaining("-c config=FILE");
  }

  private DeploymentOptions read(String json) {
    try {
      return DeploymentOptions.read(write(json), Map.of());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private Path write(String json) throws IOException {
    return Files.writeString(folder.resolve("godwit.json"), json.replace('\'', '"'));
  }

  private static Stack stack() {
    return new Stack(new App(), "Test");
  }
}
