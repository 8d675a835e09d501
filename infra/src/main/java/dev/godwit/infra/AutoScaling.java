package dev.godwit.infra;

import java.util.List;
import java.util.Map;
import software.amazon.awscdk.ArnComponents;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.iam.Role;
import software.constructs.Construct;

/**
 * What is needed to suspend and resume the auto scaling of DynamoDB tables: Service Authorization
 * Reference, "Actions, resources, and condition keys for AWS Application Auto Scaling"; read
 * 2026-11-20.
 */
final class AutoScaling {
  private AutoScaling() {}

  /** Describing knows no resource. */
  static void allowFinding(Role role) {
    role.addToPolicy(
        Grants.allow(
            "FindAutoScaling",
            List.of("application-autoscaling:DescribeScalableTargets"),
            List.of("*")));
  }

  /** A target's ARN ends in a random id, so that the service must tell DynamoDB's from others. */
  static void allowSuspending(Construct scope, Role role) {
    role.addToPolicy(
        Grants.allow(
            "SuspendAutoScaling",
            List.of("application-autoscaling:RegisterScalableTarget"),
            List.of(
                Stack.of(scope)
                    .formatArn(
                        ArnComponents.builder()
                            .service("application-autoscaling")
                            .resource("scalable-target")
                            .resourceName("*")
                            .build())),
            Map.of(
                "StringEquals", Map.of("application-autoscaling:service-namespace", "dynamodb"))));
  }
}
