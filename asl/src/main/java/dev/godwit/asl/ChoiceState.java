package dev.godwit.asl;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Goes on with the first choice whose condition holds, or with the default. */
final class ChoiceState extends State {
  private final List<Choice> choices;
  private final Optional<String> defaultNext;

  record Choice(
      Template condition,
      String next,
      Optional<Template> assign,
      Optional<Template> output,
      Optional<String> comment) {}

  ChoiceState(Common common, List<Choice> choices, Optional<String> defaultNext) {
    super(common);
    this.choices = choices;
    this.defaultNext = defaultNext;
  }

  List<Choice> choices() {
    return choices;
  }

  @Override
  void run(Visit visit) {
    for (Choice choice : choices) {
      JsonNode holds = choice.condition().evaluate(visit.bindings());
      if (!holds.isBoolean()) {
        throw Visit.wrongType(choice.condition(), "boolean", holds);
      }
      if (holds.booleanValue()) {
        visit.leave(
            visit.bindings(),
            visit.input(),
            choice.assign(),
            choice.output(),
            Optional.of(choice.next()));
        return;
      }
    }
    if (defaultNext.isEmpty()) {
      throw new StateFailure(
          ErrorNames.NO_CHOICE_MATCHED,
          "Failed to transition out of the state '"
              + name()
              + "'. The state had no Default and no"
              + " choice matched.");
    }
    visit.leave(visit.bindings(), visit.input(), assign(), output(), defaultNext);
  }

  @Override
  List<Edge> edges() {
    List<Edge> edges = new ArrayList<>();
    for (Choice choice : choices) {
      edges.add(new Edge(choice.next(), choice.comment().orElse("")));
    }
    defaultNext.ifPresent(target -> edges.add(new Edge(target, "otherwise")));
    return edges;
  }
}
