package dev.godwit.asl;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Calls what its {@code Resource} names. */
final class TaskState extends FaultTolerantState {
  private final String resource;
  private final Optional<Template> arguments;
  private final Optional<Template> timeout;

  TaskState(
      Common common,
      List<Retrier> retriers,
      List<Catcher> catchers,
      String resource,
      Optional<Template> arguments,
      Optional<Template> timeout) {
    super(common, retriers, catchers);
    this.resource = resource;
    this.arguments = arguments;
    this.timeout = timeout;
  }

  String resource() {
    return resource;
  }

  Optional<Template> arguments() {
    return arguments;
  }

  @Override
  void run(Visit visit) {
    JsonNode payload =
        arguments.map(template -> template.evaluate(visit.bindings())).orElse(visit.input());
    visit.checkSize(payload, "arguments");
    visit.call(resource, payload, timeout.map(template -> seconds(visit, template)));
  }

  private static Duration seconds(Visit visit, Template template) {
    JsonNode value = template.evaluate(visit.bindings());
    if (!value.isIntegralNumber()) {
      throw Visit.wrongType(template, "integer", value);
    }
    long seconds = value.longValue();
    if (seconds <= 0 || seconds > Limits.LONGEST_SECONDS) {
      throw Visit.outOfRange(template, "1 to " + Limits.LONGEST_SECONDS, value);
    }
    return Duration.ofSeconds(seconds);
  }
}
