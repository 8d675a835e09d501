package dev.godwit.asl;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What stands behind a Task state's {@code Resource}: a Lambda function, an AWS API call.
 *
 * <p>Called at least once per attempt, and blocking: the engine gives it a thread of its task pool
 * ({@link Engine.Builder#taskThreads}). A call that outlives its state's {@code TimeoutSeconds}, or
 * whose execution was stopped, is told so by {@link TaskCall#cancelled()} and never interrupted,
 * just as Step Functions lets an invoked Lambda function run on.
 *
 * <p>Thread-safety: one instance serves all task threads.
 */
@FunctionalInterface
public interface TaskPort {
  /**
   * @param call what the state asks for
   * @return the answer as the integration would give it: {@code {"Payload": …}} for {@code
   *     lambda:invoke}, the wire answer in PascalCase for {@code aws-sdk:…}
   * @throws TaskFailure to fail the attempt under the error name that {@code ErrorEquals} sees
   * @throws Exception fails the attempt under the exception's fully qualified class name, which is
   *     what Lambda's Java runtime reports
   */
  JsonNode call(TaskCall call) throws Exception;
}
