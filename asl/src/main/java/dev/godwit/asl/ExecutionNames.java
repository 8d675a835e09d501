package dev.godwit.asl;

import java.util.Optional;

/**
 * ARNs of one top-level execution and what belongs to it, in the form that Step Functions gives
 * them; region {@code local}, account 000000000000.
 *
 * <p>Two folders may each have an execution of one name, and a folder may be lost and made anew, so
 * an execution's ARN ends in something of its own, as those of express executions do on AWS.
 *
 * @param identity that something
 */
record ExecutionNames(String machine, String execution, String identity) {
  static final String REGION = "local";
  static final String ACCOUNT = "000000000000";
  private static final String PREFIX = "arn:aws:states:" + REGION + ":" + ACCOUNT + ":";

  String machineArn() {
    return PREFIX + "stateMachine:" + machine;
  }

  String executionArn() {
    return PREFIX + "execution:" + machine + ":" + execution + ":" + identity;
  }

  /** The execution's name, of its ARN; empty if it is no such ARN. */
  static Optional<String> executionOf(String arn) {
    String[] parts = arn.split(":", -1);
    return arn.startsWith(PREFIX + "execution:") && parts.length == 9
        ? Optional.of(parts[7])
        : Optional.empty();
  }

  String mapRunArn(String label, String id) {
    return PREFIX + "mapRun:" + machine + "/" + label + ":" + id;
  }

  String childMachineArn(String label) {
    return PREFIX + "stateMachine:" + machine + "/" + label;
  }

  String childArn(String label, String name) {
    return PREFIX + "execution:" + machine + "/" + label + ":" + name;
  }
}
