package dev.godwit.asl;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/** Ends its flow badly, under its own error name. */
final class FailState extends State {
  private final Optional<Template> error;
  private final Optional<Template> cause;

  FailState(Common common, Optional<Template> error, Optional<Template> cause) {
    super(common);
    this.error = error;
    this.cause = cause;
  }

  Optional<Template> error() {
    return error;
  }

  @Override
  void run(Visit visit) {
    visit.fail(new StateError(text(visit, error), text(visit, cause)));
  }

  private static String text(Visit visit, Optional<Template> template) {
    if (template.isEmpty()) {
      return "";
    }
    JsonNode value = template.get().evaluate(visit.bindings());
    if (!value.isTextual()) {
      throw Visit.wrongType(template.get(), "string", value);
    }
    return value.textValue();
  }
}
