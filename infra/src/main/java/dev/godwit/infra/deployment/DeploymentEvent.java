package dev.godwit.infra.deployment;

import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One call of CloudFormation's about one hook.
 *
 * @param requestId the same for all calls about one change of one hook, and for no other
 * @param request what the hook is to be; when it is deleted, what it was
 * @param before what the hook was until now, if it is updated: in a rollback, what is undone
 * @param beginning what was seen when it came
 */
record DeploymentEvent(
    Kind kind,
    String stackId,
    String requestId,
    DeploymentRequest request,
    Optional<DeploymentRequest> before,
    Beginning beginning) {
  /** What {@code onEvent} adds to an event, for {@code isComplete} to find there. */
  static final String BEGUN = "Begun";

  static final String STACK_STATUS = "StackStatus";

  /**
   * What was seen when an event came. It is asked about for a while, and by then the stack may be
   * rolled back, or deployed anew; only this tells an update from the update that takes it back,
   * and the one of today from yesterday's.
   *
   * @param at by the clock of the function; events of one table's hooks are seconds apart
   * @param stackStatus the stack's status then, if CloudFormation could be asked
   */
  record Beginning(Instant at, Optional<String> stackStatus) {}

  /** What CloudFormation wants of a hook. */
  enum Kind {
    CREATE,
    UPDATE,
    DELETE
  }

  /**
   * As CDK's provider framework sends it.
   *
   * @param now when it came, unless the event says it
   * @throws IllegalArgumentException when it is none of this custom resource's
   */
  static DeploymentEvent of(Map<String, Object> event, Instant now) {
    return new DeploymentEvent(
        Kind.valueOf(text(event, "RequestType").toUpperCase(Locale.ROOT)),
        text(event, "StackId"),
        text(event, "RequestId"),
        properties(event, "ResourceProperties"),
        before(event),
        new Beginning(
            event.containsKey(BEGUN) ? Instant.parse(text(event, BEGUN)) : now,
            Optional.ofNullable(event.get(STACK_STATUS)).map(Object::toString)));
  }

  String tableName() {
    return request.tableName();
  }

  /**
   * Whether this, in a rollback, takes back what a request has brought: a hook is updated to what
   * it was before, or, if it was new, deleted.
   */
  boolean takesBack(DeploymentRequest brought) {
    if (kind == Kind.DELETE) {
      return brought.isSameReleaseAs(request);
    }
    return !brought.isSameReleaseAs(request)
        && before
            .filter(was -> !was.isSameReleaseAs(request))
            .map(brought::isSameReleaseAs)
            .orElse(true);
  }

  /** Properties of an older Godwit may be others: then nothing is known of what was before. */
  private static Optional<DeploymentRequest> before(Map<String, Object> event) {
    try {
      return event.get("OldResourceProperties") == null
          ? Optional.empty()
          : Optional.of(properties(event, "OldResourceProperties"));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static DeploymentRequest properties(Map<String, Object> event, String name) {
    if (event.get(name) instanceof Map<?, ?> properties) {
      return DeploymentRequest.of(properties);
    }
    throw new IllegalArgumentException("The event has no " + name);
  }

  private static String text(Map<String, Object> event, String name) {
    Object value = event.get(name);
    if (value == null) {
      throw new IllegalArgumentException("The event has no " + name);
    }
    return value.toString();
  }
}
