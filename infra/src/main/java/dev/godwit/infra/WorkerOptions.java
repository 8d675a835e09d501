package dev.godwit.infra;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.ec2.ISecurityGroup;
import software.amazon.awscdk.services.ec2.IVpc;
import software.amazon.awscdk.services.ec2.SubnetSelection;
import software.amazon.awscdk.services.lambda.Architecture;
import software.amazon.awscdk.services.lambda.Runtime;

/**
 * How the worker function is to be.
 *
 * @param jar the worker's shaded jar, {@code segment-worker-lambda.jar}
 * @param migrations the jars that hold migrations and what they need; they become a layer
 * @param runtime Lambda's own Java that the function runs on
 * @param architecture of the function's processors
 * @param memoryMegabytes of the function; a processor comes with each 1,769
 * @param timeout of one invocation; it must be longer than a run's {@code sliceSeconds}
 * @param reservedConcurrency how many invocations at once are set aside for it, and allowed to it
 * @param requestsInFlight how many write requests one invocation may have under way
 * @param singleWrites whether each item is written by a request of its own; tables of other
 *     accounts need that
 * @param network the VPC to run in, if any
 */
record WorkerOptions(
    Path jar,
    List<Path> migrations,
    Runtime runtime,
    Architecture architecture,
    int memoryMegabytes,
    Duration timeout,
    Optional<Integer> reservedConcurrency,
    Optional<Integer> requestsInFlight,
    boolean singleWrites,
    Optional<Network> network) {

  WorkerOptions {
    migrations = List.copyOf(migrations);
  }

  /**
   * A place in a VPC.
   *
   * @param subnets which of its subnets
   * @param securityGroups for the function's network interfaces; one of its own is made when empty
   */
  record Network(IVpc vpc, SubnetSelection subnets, List<ISecurityGroup> securityGroups) {
    Network {
      securityGroups = List.copyOf(securityGroups);
    }
  }
}
