package dev.godwit.infra;

import java.util.List;
import software.amazon.awscdk.App;
import software.amazon.awscdk.CfnOutput;
import software.amazon.awscdk.Environment;
import software.amazon.awscdk.PermissionsBoundary;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.Tags;

/** A stack with one {@link TableMigrations}. */
public final class GodwitStack extends Stack {
  private final TableMigrations migrations;

  public GodwitStack(App app, DeploymentOptions options) {
    super(app, options.stackName(), props(options));
    migrations = new TableMigrations(this, "Migrations", options.props(this));
    for (String output : List.of("StateMachineArn", "LedgerTable", "ResultsBucket")) {
      // A stack of this kind has one of each: no need for a name with a hash in it.
      ((CfnOutput) migrations.getNode().findChild(output)).overrideLogicalId(output);
    }
    options.tags().forEach((key, value) -> Tags.of(this).add(key, value));
  }

  public TableMigrations migrations() {
    return migrations;
  }

  private static StackProps props(DeploymentOptions options) {
    var builder =
        StackProps.builder()
            .stackName(options.stackName())
            .description("Godwit: migrates DynamoDB tables")
            .terminationProtection(options.terminationProtection());
    if (options.account().isPresent() || options.region().isPresent()) {
      var environment = Environment.builder();
      options.account().ifPresent(environment::account);
      options.region().ifPresent(environment::region);
      builder.env(environment.build());
    }
    options
        .permissionsBoundary()
        .ifPresent(arn -> builder.permissionsBoundary(PermissionsBoundary.fromArn(arn)));
    return builder.build();
  }
}
