package dev.godwit.infra;

import dev.godwit.infra.deployment.DeploymentHandler;
import io.github.cdklabs.cdknag.NagPackSuppression;
import io.github.cdklabs.cdknag.NagSuppressions;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.customresources.Provider;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.lambda.Architecture;
import software.amazon.awscdk.services.lambda.Code;
import software.amazon.awscdk.services.lambda.Function;
import software.amazon.awscdk.services.lambda.Tracing;
import software.amazon.awscdk.services.logs.LogGroup;
import software.amazon.awscdk.services.logs.RetentionDays;
import software.constructs.Construct;

/**
 * The functions behind a custom resource, and its provider, all in one construct.
 *
 * @param does what they do, for people
 * @param handler the class that has their methods
 * @param role what they run as
 */
record DeploymentFunctions(
    Construct scope,
    String does,
    Class<?> handler,
    Path jar,
    Map<String, String> environment,
    Role role,
    LogGroup logs) {
  /** Where they write their logs. */
  static LogGroup logs(Construct scope, RetentionDays keepLogs) {
    return LogGroup.Builder.create(scope, "Logs")
        .retention(keepLogs)
        .removalPolicy(RemovalPolicy.DESTROY)
        .build();
  }

  static void allowLogging(Role role, LogGroup logs) {
    role.addToPolicy(
        Grants.allow(
            "WriteItsLog",
            List.of("logs:CreateLogStream", "logs:PutLogEvents"),
            List.of(logs.getLogGroupArn())));
  }

  /** A provider whose functions are the methods {@code onEvent} and {@code isComplete}. */
  Provider provider(Duration longest) {
    var provider =
        Provider.Builder.create(scope, "Provider")
            .onEventHandler(function("OnEvent", "onEvent"))
            .isCompleteHandler(function("IsComplete", "isComplete"))
            .queryInterval(Duration.seconds(15))
            .totalTimeout(longest)
            .build();
    suppressNag(provider);
    return provider;
  }

  Function function(String id, String method) {
    var function =
        Function.Builder.create(scope, id)
            .description("Godwit: " + does + ", " + method)
            .runtime(SegmentWorkerFunction.RUNTIME)
            .architecture(Architecture.ARM_64)
            .handler(handler.getName() + "::" + method)
            .code(Code.fromAsset(jar.toString()))
            .memorySize(512)
            .timeout(Duration.seconds(DeploymentHandler.LONGEST_INVOCATION.toSeconds()))
            .tracing(Tracing.ACTIVE)
            .environment(environment)
            .role(role)
            .logGroup(logs)
            .build();
    NagSuppressions.addResourceSuppressions(
        function,
        List.of(
            NagPackSuppression.builder()
                .id("AwsSolutions-L1")
                .reason("The same runtime as the worker's, for the same reason.")
                .build()));
    return function;
  }

  /** The framework's own functions, roles and waiter are CDK's, and cannot be set from here. */
  private static void suppressNag(Provider provider) {
    var reason =
        "Made by CDK's provider framework, which sets it and offers no way to change it; it may only"
            + " call this construct's two functions.";
    NagSuppressions.addResourceSuppressions(
        provider,
        Stream.of(
                "AwsSolutions-IAM4",
                "AwsSolutions-IAM5",
                "AwsSolutions-L1",
                "AwsSolutions-SF1",
                "AwsSolutions-SF2")
            .map(rule -> NagPackSuppression.builder().id(rule).reason(reason).build())
            .toList(),
        true);
  }
}
