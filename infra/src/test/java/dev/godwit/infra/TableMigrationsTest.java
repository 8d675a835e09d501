package dev.godwit.infra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awscdk.services.lambda.Architecture;
import software.amazon.awscdk.services.lambda.Runtime;
import software.amazon.awscdk.services.logs.RetentionDays;

class TableMigrationsTest {
  private static final String KEY = "arn:aws-us-gov:kms:us-gov-west-1:123456789012:key/1234-abcd";
  private static final String OTHER_TABLE =
      "arn:aws:dynamodb:us-gov-west-1:210987654321:table/Users";
  private static final String TARGET = "arn:aws:dynamodb:us-gov-west-1:123456789012:table/Cities-2";
  private static final String TOPIC = "arn:aws:sns:eu-west-1:123456789012:endings";

  private static @TempDir Path folder;

  /** As little as can be said. */
  private static Synthesized least;

  private static final String SLOW =
      "arn:aws-us-gov:cloudwatch:us-gov-west-1:123456789012:alarm:Slow: p99";
  private static final String ERRORS =
      "arn:aws-us-gov:cloudwatch:us-gov-west-1:123456789012:alarm:Errors";

  /** As much as can be said. */
  private static Synthesized most;

  @BeforeAll
  static void synth() {
    least = Synthesized.of(folder, b -> b);
    most =
        Synthesized.in(
            "us-gov-west-1",
            folder,
            b ->
                b.table(new TableRef("Orders", Optional.of(KEY)))
                    .actionTable(TableRef.of(OTHER_TABLE))
                    .target(TableRef.of(TARGET))
                    .source(new SourceRef("s3://ours/exports/", Optional.of(KEY)))
                    .source(SourceRef.of("s3://theirs/"))
                    .migrations(Placeholder.jar(folder, "migrations.jar"))
                    .runtime(Runtime.JAVA_25)
                    .architecture(Architecture.X86_64)
                    .memoryMegabytes(3008)
                    .timeoutSeconds(300)
                    .reservedConcurrency(50)
                    .requestsInFlight(16)
                    .singleWrites(true)
                    .keepResultsDays(7)
                    .resultsKmsKeyArn(KEY)
                    .destroyData(true)
                    .keepLogs(RetentionDays.ONE_WEEK)
                    .notifications(new NotificationTopic(TOPIC, Optional.of(KEY)))
                    .stalledAfterMinutes(45)
                    .holdOnAlarm("Orders", List.of(SLOW, ERRORS)));
  }

  // The worker

  @Test
  void worker_leastSaid_isAnArmFunctionWithSnapStartTracingAndLambdasLongestTimeout() {
    var function = least.properties("AWS::Lambda::Function", "MigrationsWorker");

    assertThat(function.get("Handler").asText())
        .isEqualTo("dev.godwit.worker.lambda.SegmentWorkerHandler::handleRequest");
    assertThat(function.get("Runtime").asText()).isEqualTo("java21");
    assertThat(function.get("Architectures")).hasToString("[\"arm64\"]");
    assertThat(function.get("MemorySize").asInt()).isEqualTo(1769);
    assertThat(function.get("Timeout").asInt()).isEqualTo(900);
    assertThat(function.get("SnapStart")).hasToString("{\"ApplyOn\":\"PublishedVersions\"}");
    assertThat(function.get("TracingConfig")).hasToString("{\"Mode\":\"Active\"}");
    assertThat(function.has("ReservedConcurrentExecutions")).isFalse();
    assertThat(function.has("Layers")).isFalse();
    assertThat(function.has("VpcConfig")).isFalse();
  }

  @Test
  void worker_mostSaid_isAsSaid() {
    var function = most.properties("AWS::Lambda::Function", "MigrationsWorker");

    assertThat(function.get("Runtime").asText()).isEqualTo("java25");
    assertThat(function.get("SnapStart")).hasToString("{\"ApplyOn\":\"PublishedVersions\"}");
    assertThat(most.properties("AWS::Lambda::LayerVersion", "Migrations").get("CompatibleRuntimes"))
        .hasToString("[\"java25\"]");
    assertThat(function.get("Architectures")).hasToString("[\"x86_64\"]");
    assertThat(function.get("MemorySize").asInt()).isEqualTo(3008);
    assertThat(function.get("Timeout").asInt()).isEqualTo(300);
    assertThat(function.get("ReservedConcurrentExecutions").asInt()).isEqualTo(50);
    assertThat(function.at("/Environment/Variables/REQUESTS_IN_FLIGHT").asText()).isEqualTo("16");
    assertThat(function.at("/Environment/Variables/WRITER").asText()).isEqualTo("single");
    assertThat(function.get("Layers")).hasSize(1);
  }

  @Test
  void worker_itsEnvironment_namesTheResultsBucketAndTheBatchedWriter() {
    var environment =
        least.properties("AWS::Lambda::Function", "MigrationsWorker").at("/Environment/Variables");

    assertThat(environment.get("RESULTS_BUCKET").get("Ref").asText())
        .startsWith("MigrationsResultsBucket");
    assertThat(environment.get("WRITER").asText()).isEqualTo("batched");
    assertThat(environment).hasSize(2);
  }

  @Test
  void worker_runs_callTheAliasOfThePublishedVersion() {
    var alias = least.properties("AWS::Lambda::Alias", "MigrationsWorkerLive");
    String version = alias.get("FunctionVersion").get("Fn::GetAtt").get(0).asText();

    assertThat(alias.get("Name").asText()).isEqualTo("live");
    assertThat(least.all("AWS::Lambda::Version")).containsKey(version);
    assertThat(
            least
                .properties("AWS::StepFunctions::StateMachine", "MigrationsMigrateTable")
                .at("/DefinitionSubstitutions/WorkerFunction/Ref")
                .asText())
        .startsWith("MigrationsWorkerLive");
  }

  /** A run that began before a deployment goes on with the version that it began with. */
  @Test
  void worker_itsVersions_outliveTheDeploymentsAfterThem() {
    assertThat(least.all("AWS::Lambda::Version").values())
        .hasSize(1)
        .allSatisfy(
            version -> assertThat(version.get("DeletionPolicy").asText()).isEqualTo("Retain"));
    assertThat(
            least
                .properties("AWS::StepFunctions::StateMachine", "MigrationsMigrateTable")
                .at("/DefinitionSubstitutions/WorkerFunctionName/Fn::GetAtt/0")
                .asText())
        .startsWith("MigrationsWorkerFunction");
  }

  @Test
  void worker_aMigrationsJarChanges_publishesAnotherVersion() {
    var one = Synthesized.of(folder, b -> b.migrations(Placeholder.jar(folder, "m.jar", "one")));
    var same = Synthesized.of(folder, b -> b.migrations(Placeholder.jar(folder, "m.jar", "one")));
    var two = Synthesized.of(folder, b -> b.migrations(Placeholder.jar(folder, "m.jar", "two")));

    assertThat(one.all("AWS::Lambda::Version").keySet())
        .isEqualTo(same.all("AWS::Lambda::Version").keySet())
        .isNotEqualTo(two.all("AWS::Lambda::Version").keySet());
    assertThat(one.template).isEqualTo(same.template);
  }

  @Test
  void worker_twoMigrationJarsOfOneName_isRefused() throws Exception {
    var other = java.nio.file.Files.createDirectory(folder.resolve("other"));
    assertThatThrownBy(
            () ->
                Synthesized.of(
                    folder,
                    b ->
                        b.migrations(Placeholder.jar(folder, "m.jar"))
                            .migrations(Placeholder.jar(other, "m.jar"))))
        .hasMessageContaining("Two migration jars are named m.jar");
  }

  @Test
  void workersRole_itsTables_areTheNamedOnesAndNothingElse() {
    assertThat(
            Synthesized.texts(
                least.statement("MigrationsWorkerRole", "MigrateTables").get("Action")))
        .containsExactly(
            "dynamodb:BatchGetItem",
            "dynamodb:BatchWriteItem",
            "dynamodb:DeleteItem",
            "dynamodb:DescribeTable",
            "dynamodb:PartiQLDelete",
            "dynamodb:PartiQLInsert",
            "dynamodb:PartiQLUpdate",
            "dynamodb:PutItem",
            "dynamodb:Scan",
            "dynamodb:UpdateItem");
    assertThat(arns(most.statement("MigrationsWorkerRole", "MigrateTables")))
        .containsExactly(
            "arn:PARTITION:dynamodb:us-gov-west-1:123456789012:table/Cities",
            "arn:PARTITION:dynamodb:us-gov-west-1:123456789012:table/Orders");
  }

  @Test
  void workersRole_itsTablesIndexes_areReadAndThoseOfNoOther() {
    var statement = most.statement("MigrationsWorkerRole", "SelectItems");

    assertThat(Synthesized.texts(statement.get("Action")))
        .containsExactly("dynamodb:Query", "dynamodb:Scan");
    assertThat(arns(statement))
        .containsExactly(
            "arn:PARTITION:dynamodb:us-gov-west-1:123456789012:table/Cities",
            "arn:PARTITION:dynamodb:us-gov-west-1:123456789012:table/Orders",
            "arn:PARTITION:dynamodb:us-gov-west-1:123456789012:table/Cities/index/*",
            "arn:PARTITION:dynamodb:us-gov-west-1:123456789012:table/Orders/index/*");
  }

  @Test
  void workersRole_aTableForActions_isWrittenButNeverScanned() {
    var statement = most.statement("MigrationsWorkerRole", "WriteOtherTables");

    assertThat(arns(statement)).containsExactly(OTHER_TABLE);
    assertThat(Synthesized.texts(statement.get("Action")))
        .containsExactly(
            "dynamodb:BatchWriteItem",
            "dynamodb:DeleteItem",
            "dynamodb:DescribeTable",
            "dynamodb:PutItem",
            "dynamodb:UpdateItem");
    assertThat(sids(least, "MigrationsWorkerRole")).doesNotContain("WriteOtherTables");
  }

  @Test
  void workersRole_aTarget_isFilledAndLookedAtAndNothingIsTakenFromIt() {
    var statement = most.statement("MigrationsWorkerRole", "FillTargets");

    assertThat(arns(statement)).containsExactly(TARGET);
    assertThat(Synthesized.texts(statement.get("Action")))
        .containsExactly(
            "dynamodb:BatchGetItem",
            "dynamodb:BatchWriteItem",
            "dynamodb:DescribeTable",
            "dynamodb:PutItem",
            "dynamodb:Scan");
    assertThat(sids(least, "MigrationsWorkerRole")).doesNotContain("FillTargets");
  }

  @Test
  void workersRole_sources_areReadAndNothingElse() {
    var read = most.statement("MigrationsWorkerRole", "ReadSources");
    assertThat(Synthesized.texts(read.get("Action"))).containsExactly("s3:GetObject");
    assertThat(read.get("Resource").toString())
        .contains(":s3:::ours/exports/*")
        .contains(":s3:::theirs/*");
    var find = most.statement("MigrationsWorkerRole", "FindSources");
    assertThat(find.get("Action").asText()).isEqualTo("s3:ListBucket");
    assertThat(find.get("Condition"))
        .hasToString("{\"StringLike\":{\"s3:prefix\":[\"exports/*\"]}}");
    assertThat(find.get("Resource").toString()).contains(":s3:::ours");
    var key = most.statement("MigrationsWorkerRole", "UseTheSourcesKeys");
    assertThat(key.get("Action").asText()).isEqualTo("kms:Decrypt");
    assertThat(arns(key)).containsExactly(KEY);
    assertThat(sids(least, "MigrationsWorkerRole")).doesNotContain("ReadSources", "FindSources");
  }

  @Test
  void workersRole_singleWrites_hasNoPartiQl() {
    for (String sid : List.of("MigrateTables", "WriteOtherTables", "FillTargets")) {
      assertThat(Synthesized.texts(most.statement("MigrationsWorkerRole", sid).get("Action")))
          .contains("dynamodb:PutItem")
          .noneMatch(action -> action.contains("PartiQL"));
    }
  }

  @Test
  void workersRole_tableKeys_areUsedThroughDynamoDbOnly() {
    var statement = most.statement("MigrationsWorkerRole", "UseTheTablesKeys");

    assertThat(arns(statement)).containsExactly(KEY);
    assertThat(statement.get("Condition"))
        .hasToString("{\"StringLike\":{\"kms:ViaService\":\"dynamodb.*.amazonaws.com*\"}}");
    assertThat(sids(least, "MigrationsWorkerRole")).doesNotContain("UseTheTablesKeys");
  }

  @Test
  void workersRole_theBucket_isListedForRecordsThatItReadsOnly() {
    var statement = least.statement("MigrationsWorkerRole", "FindRecords");

    assertThat(statement.get("Action").asText()).isEqualTo("s3:ListBucket");
    assertThat(statement.get("Condition"))
        .hasToString(
            "{\"StringLike\":{\"s3:prefix\":[\"runs/*/failures/*\",\"runs/*/deferred-actions/*\",\"runs/*/before-images/*\",\"runs/*/accepted-code/*\"]}}");
  }

  @Test
  void workersRole_allInAll_isNothingMoreThanTheseStatements() {
    assertThat(sids(least, "MigrationsWorkerRole"))
        .containsExactlyInAnyOrder(
            "WriteItsLog",
            "MigrateTables",
            "SelectItems",
            "ReadTheRatesOfRuns",
            "SlowRunsThatAreThrottled",
            "KeepRecords",
            "FindRecords",
            "ReadExports",
            "FindExports",
            "xray");
    assertThat(sids(most, "MigrationsWorkerRole"))
        .containsExactlyInAnyOrder(
            "WriteItsLog",
            "MigrateTables",
            "SelectItems",
            "WriteOtherTables",
            "FillTargets",
            "ReadSources",
            "FindSources",
            "FindSources2",
            "UseTheSourcesKeys",
            "UseTheTablesKeys",
            "ReadTheRatesOfRuns",
            "SlowRunsThatAreThrottled",
            "KeepRecords",
            "FindRecords",
            "ReadExports",
            "FindExports",
            "UseTheBucketsKey",
            "xray");
    assertThat(least.all("AWS::IAM::Role").values())
        .noneMatch(role -> role.get("Properties").has("ManagedPolicyArns"));
  }

  @Test
  void workersRole_theLedger_isWrittenOnlyForWhatThrottlingSlows() {
    var statement =
        least.statements("MigrationsWorkerRole").stream()
            .filter(one -> one.path("Sid").asText().equals("SlowRunsThatAreThrottled"))
            .findFirst()
            .orElseThrow();

    assertThat(statement.get("Action").asText()).isEqualTo("dynamodb:UpdateItem");
    assertThat(statement.get("Resource").toString()).contains("MigrationsLedgerTable");
    assertThat(
            statement
                .at("/Condition/ForAllValues:StringLike/dynamodb:LeadingKeys")
                .toString()
                .replaceAll("[\\[\\]\"]", ""))
        .isEqualTo("RUN#*");
    assertThat(
            Synthesized.texts(
                statement.at("/Condition/ForAllValues:StringEquals/dynamodb:Attributes")))
        .containsExactlyInAnyOrder(
            "pk",
            "sk",
            "readsSlowed",
            "readsSlowedTo",
            "readsSlowedFor",
            "readsSlowedAt",
            "writesSlowed",
            "writesSlowedTo",
            "writesSlowedFor",
            "writesSlowedAt");
  }

  @Test
  void workersRole_theLedger_isReadOnlyWhereRunsAre() {
    var statement =
        least.statements("MigrationsWorkerRole").stream()
            .filter(one -> one.path("Sid").asText().equals("ReadTheRatesOfRuns"))
            .findFirst()
            .orElseThrow();

    assertThat(statement.get("Action").asText()).isEqualTo("dynamodb:GetItem");
    assertThat(statement.get("Resource").toString()).contains("MigrationsLedgerTable");
    assertThat(
            statement
                .at("/Condition/ForAllValues:StringLike/dynamodb:LeadingKeys")
                .toString()
                .replaceAll("[\\[\\]\"]", ""))
        .isEqualTo("RUN#*");
  }

  @Test
  void machinesRoles_stepFunctions_mayTakeThemOnForThisAccountOnly() {
    for (String role : List.of("MigrationsMigrateTableRole", "MigrationsSettleRunRole")) {
      var trust =
          least.properties("AWS::IAM::Role", role).at("/AssumeRolePolicyDocument/Statement/0");
      assertThat(trust.at("/Principal/Service").asText()).isEqualTo("states.amazonaws.com");
      assertThat(trust.at("/Condition/StringEquals/aws:SourceAccount/Ref").asText())
          .as(role)
          .isEqualTo("AWS::AccountId");
    }
  }

  // The state machines

  @Test
  void machines_both_areStandardTracedAndLogErrorsWithoutAnyData() {
    for (String id : List.of("MigrationsMigrateTable", "MigrationsSettleRun")) {
      var machine = least.properties("AWS::StepFunctions::StateMachine", id);
      assertThat(machine.get("StateMachineType").asText()).isEqualTo("STANDARD");
      assertThat(machine.at("/TracingConfiguration/Enabled").asBoolean()).isTrue();
      assertThat(machine.at("/LoggingConfiguration/Level").asText()).isEqualTo("ERROR");
      assertThat(machine.at("/LoggingConfiguration/IncludeExecutionData").asBoolean(true))
          .isFalse();
      assertThat(machine.at("/LoggingConfiguration/Destinations")).hasSize(1);
    }
  }

  @Test
  void machines_theirNames_areNoLongerThanStepFunctionsAllowsAndDifferByConstruct() {
    var names = new ArrayList<String>();
    for (String id : List.of("MigrationsMigrateTable", "MigrationsSettleRun")) {
      names.add(
          least
              .properties("AWS::StepFunctions::StateMachine", id)
              .get("StateMachineName")
              .asText());
    }
    assertThat(names).doesNotHaveDuplicates().allMatch(name -> name.length() <= 80);
  }

  @Test
  void settleMachine_aTopic_isToldAndItsKeyUsed() {
    var machine = most.properties("AWS::StepFunctions::StateMachine", "MigrationsSettleRun");

    assertThat(machine.at("/DefinitionSubstitutions/NotificationTopic").asText()).isEqualTo(TOPIC);
    assertThat(arns(most.statement("MigrationsSettleRunRole", "Notify"))).containsExactly(TOPIC);
    assertThat(arns(most.statement("MigrationsSettleRunRole", "UseTheTopicsKey")))
        .containsExactly(KEY);
  }

  @Test
  void settleMachine_noTopic_isToldOfNone() {
    var machine = least.properties("AWS::StepFunctions::StateMachine", "MigrationsSettleRun");

    assertThat(machine.at("/DefinitionSubstitutions/NotificationTopic").asText("missing"))
        .isEmpty();
  }

  @Test
  void machines_aBucketWithAKey_mayUseIt() {
    assertThat(arns(most.statement("MigrationsMigrateTableRole", "UseTheBucketsKey")))
        .containsExactly(KEY);
    assertThat(
            Synthesized.texts(
                most.statement("MigrationsMigrateTableRole", "UseTheBucketsKey").get("Action")))
        .containsExactly("kms:Decrypt", "kms:GenerateDataKey");
  }

  // The trigger

  @Test
  void trigger_everyEndingOfARun_startsSettling() {
    var rule = least.properties("AWS::Events::Rule", "MigrationsSettleTrigger");
    var pattern = rule.get("EventPattern");
    var target = rule.get("Targets").get(0);

    assertThat(pattern.get("source")).hasToString("[\"aws.states\"]");
    assertThat(pattern.get("detail-type"))
        .hasToString("[\"Step Functions Execution Status Change\"]");
    assertThat(Synthesized.texts(pattern.at("/detail/status")))
        .containsExactlyInAnyOrder("SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED");
    assertThat(pattern.at("/detail/stateMachineArn/0/Ref").asText())
        .startsWith("MigrationsMigrateTableStateMachine");
    assertThat(target.at("/Arn/Ref").asText()).startsWith("MigrationsSettleRunStateMachine");
    assertThat(target.has("Input") || target.has("InputTransformer")).isFalse();
    assertThat(target.at("/RetryPolicy/MaximumEventAgeInSeconds").asInt()).isEqualTo(86_400);
    assertThat(target.at("/DeadLetterConfig/Arn/Fn::GetAtt/0").asText())
        .startsWith("MigrationsSettleTriggerUndelivered");
  }

  @Test
  void trigger_itsRole_mayStartTheSettleMachineOnly() {
    var statements = least.statements("MigrationsSettleRunStateMachineEventsRole");

    assertThat(statements).hasSize(1);
    assertThat(statements.get(0).get("Action").asText()).isEqualTo("states:StartExecution");
    assertThat(statements.get(0).at("/Resource/Ref").asText())
        .startsWith("MigrationsSettleRunStateMachine");
  }

  @Test
  void undelivered_isEncryptedAndKeptForTwoWeeks() {
    var queue = least.properties("AWS::SQS::Queue", "MigrationsSettleTrigger");

    assertThat(queue.get("SqsManagedSseEnabled").asBoolean()).isTrue();
    assertThat(queue.get("MessageRetentionPeriod").asInt()).isEqualTo(14 * 86_400);
  }

  // The sweep

  @Test
  void sweep_everyFiveMinutes_looksForRunsWhoseEndNobodyWasToldOf() {
    var schedule = least.properties("AWS::Scheduler::Schedule", "MigrationsSweep");
    var machine = least.properties("AWS::StepFunctions::StateMachine", "MigrationsSweep");

    assertThat(schedule.get("ScheduleExpression").asText()).isEqualTo("rate(5 minutes)");
    assertThat(schedule.get("State").asText()).isEqualTo("ENABLED");
    assertThat(schedule.at("/Target/Arn/Ref").asText()).startsWith("MigrationsSweepStateMachine");
    assertThat(schedule.at("/Target/Input").asText()).isEqualTo("{}");
    assertThat(machine.get("StateMachineType").asText()).isEqualTo("EXPRESS");
    assertThat(machine.at("/DefinitionSubstitutions/MigrateTableMachine/Ref").asText())
        .startsWith("MigrationsMigrateTableStateMachine");
    assertThat(machine.at("/DefinitionSubstitutions/SettleRunMachine/Ref").asText())
        .startsWith("MigrationsSettleRunStateMachine");
  }

  @Test
  void sweep_itsSchedule_mayStartTheSweepMachineOnly() {
    var schedule = least.properties("AWS::Scheduler::Schedule", "MigrationsSweep");
    var statements = least.statements(schedule.at("/Target/RoleArn/Fn::GetAtt/0").asText());

    assertThat(statements).hasSize(1);
    assertThat(statements.get(0).get("Action").asText()).isEqualTo("states:StartExecution");
    assertThat(statements.get(0).at("/Resource/Ref").asText())
        .startsWith("MigrationsSweepStateMachine");
  }

  @Test
  void sweep_tellsTheTopicOfRunsThatGoOn_ifThereIsOne() {
    var with =
        most.properties("AWS::StepFunctions::StateMachine", "MigrationsSweep")
            .get("DefinitionSubstitutions");
    assertThat(with.get("NotificationTopic").asText()).isEqualTo(TOPIC);
    assertThat(with.get("StallMinutes").asText()).isEqualTo("45");

    var without =
        least
            .properties("AWS::StepFunctions::StateMachine", "MigrationsSweep")
            .get("DefinitionSubstitutions");
    assertThat(without.get("NotificationTopic").asText()).isEmpty();
    assertThat(without.get("StallMinutes").asText()).isEqualTo("30");
  }

  @Test
  void stalledAfterMinutes_shorterThanASlice_isRefused() {
    assertThatThrownBy(() -> Synthesized.of(folder, b -> b.stalledAfterMinutes(19)))
        .isInstanceOf(InvalidOptions.class)
        .hasMessageContaining("at least 20")
        .hasMessageContaining("not 19");
  }

  @Test
  void sweepThatFails_isAnAlarm() {
    assertThat(
            least
                .properties("AWS::CloudWatch::Alarm", "MigrationsAlarmsSweepFailed")
                .get("Metrics")
                .toString())
        .contains("ExecutionsFailed", "ExecutionsTimedOut", "MigrationsSweepStateMachine");
  }

  // The hold

  @Test
  void hold_nobodyWaitsForAlarms_isNotMade() {
    assertThat(least.migrations.hold()).isEmpty();
    assertThat(least.template.toString()).doesNotContain("HoldOnAlarm", "cloudwatch:Describe");
  }

  @Test
  void hold_changesOfATablesAlarms_startTheMachineForThatTable() {
    var rule = most.properties("AWS::Events::Rule", "MigrationsHoldRuleOrders");

    assertThat(rule.get("EventPattern"))
        .hasToString(
            ("{'detail-type':['CloudWatch Alarm State Change'],'resources':['"
                    + SLOW
                    + "','"
                    + ERRORS
                    + "'],'source':['aws.cloudwatch']}")
                .replace('\'', '"'));
    assertThat(rule.at("/Targets/0/Arn/Ref").asText()).startsWith("MigrationsHoldStateMachine");
    assertThat(rule.at("/Targets/0/Input").asText())
        .isEqualTo("{\"alarms\":[\"Slow: p99\",\"Errors\"],\"tableName\":\"Orders\"}");
  }

  @Test
  void hold_everyMinute_looksForARunThatHasBegunMeanwhile() {
    var schedule = most.properties("AWS::Scheduler::Schedule", "MigrationsHold");

    assertThat(schedule.get("ScheduleExpression").asText()).isEqualTo("rate(1 minute)");
    assertThat(schedule.get("State").asText()).isEqualTo("ENABLED");
    assertThat(schedule.at("/Target/Arn/Ref").asText()).startsWith("MigrationsHoldStateMachine");
    assertThat(schedule.at("/Target/Input").asText())
        .isEqualTo("{\"alarms\":[\"Slow: p99\",\"Errors\"],\"tableName\":\"Orders\"}");
    assertThat(
            most.properties("AWS::StepFunctions::StateMachine", "MigrationsHold")
                .get("StateMachineType")
                .asText())
        .isEqualTo("EXPRESS");
  }

  @Test
  void holdThatFails_isAnAlarm() {
    assertThat(
            most.properties("AWS::CloudWatch::Alarm", "MigrationsAlarmsHoldFailed")
                .get("Metrics")
                .toString())
        .contains("ExecutionsFailed", "ExecutionsTimedOut", "MigrationsHoldStateMachine");
  }

  @Test
  void hold_whatCannotBe_isSaidInASentence() {
    assertThatThrownBy(() -> Synthesized.of(folder, b -> b.holdOnAlarm("Cities", List.of("Slow"))))
        .isInstanceOf(InvalidOptions.class)
        .hasMessage(
            "holdOnAlarm: \"Slow\" is not an alarm's ARN (arn:aws:cloudwatch:REGION:ACCOUNT:alarm:NAME).");
    assertThatThrownBy(() -> Synthesized.of(folder, b -> b.holdOnAlarm("Citys", List.of(SLOW))))
        .isInstanceOf(InvalidOptions.class)
        .hasMessageContaining("Citys")
        .hasMessageContaining("not among the tables to migrate: Cities");
    assertThatThrownBy(
            () -> Synthesized.in("eu-west-1", folder, b -> b.holdOnAlarm("Cities", List.of(SLOW))))
        .isInstanceOf(InvalidOptions.class)
        .hasMessageContaining(SLOW)
        .hasMessageContaining("not of this stack's account and region");
    var many = Stream.iterate(0, i -> i + 1).limit(11).map(i -> SLOW + i).toList();
    assertThatThrownBy(() -> Synthesized.of(folder, b -> b.holdOnAlarm("Cities", many)))
        .isInstanceOf(InvalidOptions.class)
        .hasMessageContaining("10 alarms at most, not 11")
        .hasMessageContaining("composite");
  }

  // The data

  @Test
  void ledger_isOnDemandRestorableAndProtected() {
    var ledger = least.one("AWS::DynamoDB::Table", "MigrationsLedger");
    var properties = ledger.get("Properties");

    assertThat(properties.get("KeySchema"))
        .hasToString(
            "[{\"AttributeName\":\"pk\",\"KeyType\":\"HASH\"},{\"AttributeName\":\"sk\",\"KeyType\":\"RANGE\"}]");
    assertThat(properties.get("BillingMode").asText()).isEqualTo("PAY_PER_REQUEST");
    assertThat(
            properties
                .at("/PointInTimeRecoverySpecification/PointInTimeRecoveryEnabled")
                .asBoolean())
        .isTrue();
    assertThat(properties.get("DeletionProtectionEnabled").asBoolean()).isTrue();
    assertThat(ledger.get("DeletionPolicy").asText()).isEqualTo("Retain");
  }

  @Test
  void bucket_isPrivateEncryptedTlsOnlyAndExpiresResults() {
    var bucket = least.one("AWS::S3::Bucket", "MigrationsResults");
    var properties = bucket.get("Properties");

    properties
        .get("PublicAccessBlockConfiguration")
        .forEach(setting -> assertThat(setting.asBoolean()).isTrue());
    assertThat(properties.get("PublicAccessBlockConfiguration")).hasSize(4);
    assertThat(properties.get("BucketEncryption").toString()).contains("\"AES256\"");
    assertThat(properties.at("/LifecycleConfiguration/Rules/0/ExpirationInDays").asInt())
        .isEqualTo(90);
    assertThat(properties.at("/LifecycleConfiguration/Rules/0/Prefix").asText()).isEqualTo("runs/");
    assertThat(bucket.get("DeletionPolicy").asText()).isEqualTo("Retain");
    var policy = least.properties("AWS::S3::BucketPolicy", "MigrationsResults").toString();
    assertThat(policy).contains("\"aws:SecureTransport\":\"false\"").contains("s3:TlsVersion");
  }

  @Test
  void data_destroyAsked_goesWithTheStack() {
    var ledger = most.one("AWS::DynamoDB::Table", "MigrationsLedger");

    assertThat(ledger.at("/Properties/DeletionProtectionEnabled").asBoolean()).isFalse();
    assertThat(ledger.get("DeletionPolicy").asText()).isEqualTo("Delete");
    assertThat(most.one("AWS::S3::Bucket", "MigrationsResults").get("DeletionPolicy").asText())
        .isEqualTo("Delete");
    assertThat(most.all("Custom::S3AutoDeleteObjects")).hasSize(1);
    assertThat(least.all("Custom::S3AutoDeleteObjects")).isEmpty();
  }

  /** So finds a run on a machine the ledger in which it has to take its table. */
  @Test
  void ledger_isFoundByItsNamesBeginningAndTheTablesInItsTags() {
    var ledger = most.properties("AWS::DynamoDB::Table", "MigrationsLedger");
    var name = ledger.at("/TableName/Fn::Join");

    assertThat(name.get(0).asText()).isEqualTo("-");
    assertThat(name.get(1).get(0).asText()).isEqualTo("godwit-ledger");
    assertThat(name.get(1).get(1).path("Ref").asText()).isEqualTo("AWS::StackName");
    assertThat(name.get(1).get(2).toString()).contains("AWS::StackId");
    assertThat(name.get(1).get(3).asText()).matches("[0-9a-z]{6}");
    assertThat(ledger.get("Tags"))
        .anySatisfy(
            tag -> {
              assertThat(tag.get("Key").asText()).isEqualTo("godwit:tables");
              assertThat(tag.get("Value").asText()).contains("Orders");
            });
  }

  @Test
  void bucket_aKey_encryptsWithIt() {
    var encryption =
        most.properties("AWS::S3::Bucket", "MigrationsResults").get("BucketEncryption").toString();

    assertThat(encryption).contains("aws:kms").contains(KEY).contains("\"BucketKeyEnabled\":true");
  }

  // Watching

  @Test
  void logs_every_areKeptForASetTime() {
    assertThat(least.all("AWS::Logs::LogGroup").values())
        .hasSize(4)
        .allMatch(group -> group.at("/Properties/RetentionInDays").asInt() == 90);
    assertThat(most.all("AWS::Logs::LogGroup").values())
        .allMatch(group -> group.at("/Properties/RetentionInDays").asInt() == 7);
  }

  @Test
  void alarms_oneForEachTrouble_areSilentWithoutData() {
    assertThat(least.all("AWS::CloudWatch::Alarm").values())
        .hasSize(5)
        .allMatch(a -> a.at("/Properties/TreatMissingData").asText().equals("notBreaching"))
        .noneMatch(a -> a.get("Properties").has("AlarmActions"));
    assertThat(most.all("AWS::CloudWatch::Alarm").values())
        .hasSize(7)
        .allMatch(a -> a.at("/Properties/AlarmActions/0").asText().equals(TOPIC));
  }

  @Test
  void alarms_badEndings_countFailedStoppedAndLate() {
    for (String id : List.of("MigrationsAlarmsRunFailed", "MigrationsAlarmsSettleFailed")) {
      assertThat(least.properties("AWS::CloudWatch::Alarm", id).get("Metrics").toString())
          .contains("ExecutionsFailed")
          .contains("ExecutionsAborted")
          .contains("ExecutionsTimedOut")
          .contains(
              id.contains("Settle")
                  ? "MigrationsSettleRunStateMachine"
                  : "MigrationsMigrateTableStateMachine");
    }
  }

  @Test
  void dashboard_showsPaceThrottlesCapacityAndCostOfEachTable() {
    String body =
        most.properties("AWS::CloudWatch::Dashboard", "MigrationsDashboard")
            .get("DashboardBody")
            .toString();

    for (String table : List.of("Cities", "Orders")) {
      assertThat(body)
          .contains(table + ": items scanned and units written a second")
          .contains(table + ": throttled requests, by table and index")
          .contains(table + ": consumed against provisioned, units a second")
          .contains(table + ": items that runs have looked at and written")
          .contains(table + ": failed items, conflicts and throttles of runs")
          .contains(table + ", if on demand");
    }
    assertThat(body)
        .contains("ApproximateOpenMapRunCount")
        .contains("GlobalSecondaryIndexName")
        .contains("Cost so far");
  }

  @Test
  void dashboard_itsCost_followsMemoryAndProcessor() {
    assertThat(dashboard(least)).contains("d / 1000 * 0.000023033969");
    assertThat(dashboard(most)).contains("d / 1000 * 0.000048958431");
  }

  @Test
  void outputs_nameWhatTheCommandNeeds() {
    var names = new ArrayList<String>();
    least.template.get("Outputs").fieldNames().forEachRemaining(names::add);

    assertThat(names)
        .hasSize(3)
        .anyMatch(name -> name.contains("StateMachineArn"))
        .anyMatch(name -> name.contains("LedgerTable"))
        .anyMatch(name -> name.contains("ResultsBucket"));
  }

  // What cannot be

  @Test
  void props_somethingThatCannotBe_saysWhat() {
    var jar = Placeholder.jar(folder, "worker.jar");
    assertThatThrownBy(() -> TableMigrationsProps.builder().table("Cities").build())
        .hasMessageContaining("There is no worker");
    assertThatThrownBy(() -> TableMigrationsProps.builder().workerJar(jar).build())
        .hasMessageContaining("There is no table to migrate");
    var builder = TableMigrationsProps.builder().workerJar(jar).table("Cities");
    assertThatThrownBy(() -> builder.memoryMegabytes(64).build())
        .hasMessage("The worker's memory must be from 128 to 10240 MB, not 64.");
    builder.memoryMegabytes(128);
    assertThatThrownBy(() -> builder.timeoutSeconds(901).build())
        .hasMessage("The worker's timeout must be from 1 to 900 seconds, not 901.");
    builder.timeoutSeconds(900);
    assertThatThrownBy(() -> builder.reservedConcurrency(0).build())
        .hasMessage("reservedConcurrency must be at least 1, not 0.");
  }

  @Test
  void tables_oneTwice_isRefused() {
    assertThatThrownBy(() -> Synthesized.of(folder, b -> b.table("Cities")))
        .hasMessage("The table Cities is named twice; name it once.");
  }

  @Test
  void tables_oneOfAnotherAccountOrRegion_isRefused() {
    for (String place : List.of("us-gov-west-1:210987654321", "us-gov-east-1:123456789012")) {
      var arn = "arn:aws-us-gov:dynamodb:" + place + ":table/Users";
      assertThatThrownBy(() -> Synthesized.in("us-gov-west-1", folder, b -> b.table(arn)))
          .hasMessage(
              "The table "
                  + arn
                  + " is not of this stack's account and region; deploy another stack there.");
    }
  }

  private static String dashboard(Synthesized stack) {
    return stack
        .properties("AWS::CloudWatch::Dashboard", "MigrationsDashboard")
        .get("DashboardBody")
        .toString();
  }

  private static List<String> sids(Synthesized stack, String role) {
    return stack.statements(role).stream()
        .map(
            statement ->
                statement.has("Sid")
                    ? statement.get("Sid").asText()
                    : Synthesized.texts(statement.get("Action")).get(0).split(":", -1)[0])
        .toList();
  }

  /** A statement's resources, with joins joined. */
  private static List<String> arns(JsonNode statement) {
    var resource = statement.get("Resource");
    var arns = new ArrayList<String>();
    for (JsonNode one : resource.isArray() ? resource : List.of(resource)) {
      if (one.isTextual()) {
        arns.add(one.asText());
      } else {
        var joined = new StringBuilder();
        for (JsonNode part : one.get("Fn::Join").get(1)) {
          joined.append(
              part.isTextual()
                  ? part.asText()
                  : part.get("Ref").asText().replace("AWS::Partition", "PARTITION"));
        }
        arns.add(joined.toString());
      }
    }
    return arns;
  }
}
