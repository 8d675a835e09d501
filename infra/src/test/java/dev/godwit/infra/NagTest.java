package dev.godwit.infra;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.run.RunSettings;
import io.github.cdklabs.cdknag.AwsSolutionsChecks;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awscdk.App;
import software.amazon.awscdk.AppProps;
import software.amazon.awscdk.Aspects;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.assertions.Annotations;
import software.amazon.awscdk.assertions.Match;
import software.amazon.awscdk.services.s3.Bucket;

class NagTest {
  @Test
  void everything_checkedByAwsSolutions_isCleanOrExplained(@TempDir Path folder) {
    var stack = stack();
    new TableMigrations(
        stack,
        "Migrations",
        TableMigrationsProps.builder()
            .workerJar(Placeholder.jar(folder, "worker.jar"))
            .migrations(Placeholder.jar(folder, "migrations.jar"))
            .table(
                new TableRef(
                    "Cities", Optional.of("arn:aws:kms:eu-west-1:123456789012:key/1234-abcd")))
            .actionTable(TableRef.of("Users"))
            .target(TableRef.of("Cities-2"))
            .resultsKmsKeyArn("arn:aws:kms:eu-west-1:123456789012:key/1234-abcd")
            .notifications(
                new NotificationTopic(
                    "arn:aws:sns:eu-west-1:123456789012:endings", Optional.empty()))
            .deploymentJar(Placeholder.jar(folder, "deployment.jar"))
            .runDuringDeployment(
                new DeploymentRun(
                    "Cities",
                    List.of(
                        new DeploymentRun.Step("20261120-city-coordinates", true),
                        new DeploymentRun.Step(
                            "20261126-by-geohash", DeploymentRun.NewKey.into("Cities-2"))),
                    true,
                    100,
                    RunSettings.DEFAULT))
            .build());

    assertThat(findings(stack)).isEmpty();
  }

  @Test
  void findings_somethingThatIsNotClean_areSeen() {
    var stack = stack();
    Bucket.Builder.create(stack, "Open").build();

    assertThat(findings(stack)).anyMatch(finding -> finding.contains("AwsSolutions-S10"));
  }

  private static Stack stack() {
    var stack = new Stack(new App(AppProps.builder().context(Map.of()).build()), "Test");
    Aspects.of(stack).add(AwsSolutionsChecks.Builder.create().verbose(false).build());
    return stack;
  }

  @SuppressWarnings("deprecation") // CDK's own assertions answer with it
  private static List<String> findings(Stack stack) {
    var annotations = Annotations.fromStack(stack);
    var any = Match.stringLikeRegexp("AwsSolutions-.*");
    return java.util.stream.Stream.concat(
            annotations.findError("*", any).stream(), annotations.findWarning("*", any).stream())
        .map(message -> message.getId() + ": " + message.getEntry().getData())
        .toList();
  }
}
