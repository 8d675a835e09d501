package dev.godwit.asl;

/**
 * ARNs of one top-level execution and what belongs to it, in the form that Step Functions gives
 * them; region {@code local}, account 000000000000.
 */
record ExecutionNames(String machine, String execution) {
  static final String REGION = "local";
  static final String ACCOUNT = "000000000000";
  private static final String PREFIX = "arn:aws:states:" + REGION + ":" + ACCOUNT + ":";

  String machineArn() {
    return PREFIX + "stateMachine:" + machine;
  }

  String executionArn() {
    return PREFIX + "execution:" + machine + ":" + execution;
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
