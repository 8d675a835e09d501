package dev.godwit.cli.stepfunctions;

/** Addresses in the AWS console, whose host differs from partition to partition. */
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
