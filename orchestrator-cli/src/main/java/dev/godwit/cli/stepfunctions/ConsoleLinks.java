package dev.godwit.cli.stepfunctions;

/**
 * Addresses in the AWS console, whose host differs from partition to partition.
 *
 * <p>AWS promises no form of them. That of an execution is in wide use (pull request 3634 of
 * HHS/simpler-grants-gov on GitHub prints one; read 2026-11-20). That of a Map Run was found
 * nowhere, in documents or in code: if it leads astray, the execution's page lists its Map Runs.
 */
final class ConsoleLinks {
  private final String states;

  /** Links for what is in the partition and region of {@code machine}. */
  ConsoleLinks(StateMachineArn machine) {
    this.states =
        "https://"
            + host(machine.partition(), machine.region())
            + "/states/home?region="
            + machine.region()
            + "#/v2/";
  }

  private static String host(String partition, String region) {
    return switch (partition) {
      case "aws-cn" -> region + ".console.amazonaws.cn";
      case "aws-us-gov" -> region + ".console.amazonaws-us-gov.com";
      default -> region + ".console.aws.amazon.com";
    };
  }

  String execution(String executionArn) {
    return states + "executions/details/" + executionArn;
  }

  String mapRun(String mapRunArn) {
    return states + "mapruns/details/" + mapRunArn;
  }
}
