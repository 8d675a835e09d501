package dev.godwit.asl;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;

/** Runs its branches at once, each with the same input; its result is the array of theirs. */
final class ParallelState extends FaultTolerantState {
  private final List<States> branches;
  private final Optional<Template> arguments;

  ParallelState(
      Common common,
      List<Retrier> retriers,
      List<Catcher> catchers,
      List<States> branches,
      Optional<Template> arguments) {
    super(common, retriers, catchers);
    this.branches = branches;
    this.arguments = arguments;
  }

  @Override
  void run(Visit visit) {
    JsonNode input =
        arguments.map(template -> template.evaluate(visit.bindings())).orElse(visit.input());
    visit.checkSize(input, "arguments");
    visit.unit().event("ParallelStateStarted", name());
    new Branches(visit, new SameInput(visit, input), branches.size()).start();
  }

  private final class SameInput implements Branches.Plan {
    private final Visit visit;
    private final JsonNode input;

    SameInput(Visit visit, JsonNode input) {
      this.visit = visit;
      this.input = input;
    }

    @Override
    public int count() {
      return branches.size();
    }

    @Override
    public States states(int index) {
      return branches.get(index);
    }

    @Override
    public JsonNode input(int index) {
      return input;
    }

    @Override
    public Optional<JsonNode> mapContext(int index) {
      return visit.flow().mapContext();
    }

    @Override
    public String eventPrefix() {
      return "";
    }

    @Override
    public void beforeResult() {
      visit.unit().event("ParallelStateSucceeded", name());
    }

    @Override
    public void beforeFailure() {
      visit.unit().event("ParallelStateFailed", name());
    }
  }

  @Override
  List<States> inner() {
    return branches;
  }
}
