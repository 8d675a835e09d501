package dev.godwit.asl;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * A definition in the Amazon States Language, read and checked.
 *
 * <p>Only the JSONata query language is supported. What else is not supported is refused here, not
 * when it is first met in a run. Immutable.
 */
public final class StateMachine {
  private final String name;
  private final String definition;
  private final Optional<String> comment;
  private final States states;

  private StateMachine(String name, String definition, Optional<String> comment, States states) {
    this.name = name;
    this.definition = definition;
    this.comment = comment;
    this.states = states;
  }

  /**
   * @param name becomes part of ARNs
   * @param definition the JSON text
   * @throws InvalidDefinition naming every state and field that is wrong or not supported
   */
  public static StateMachine parse(String name, String definition) {
    JsonNode json;
    try {
      json = Json.parse(definition);
    } catch (JsonProcessingException e) {
      throw new InvalidDefinition(name, List.of("not JSON: " + e.getMessage()));
    }
    DefinitionReader reader = new DefinitionReader();
    States states = reader.machine(json);
    if (!reader.problems().isEmpty()) {
      throw new InvalidDefinition(name, reader.problems());
    }
    return new StateMachine(
        name, definition, Optional.ofNullable(json.path("Comment").textValue()), states);
  }

  /**
   * @param file named {@code <name>.asl.json}
   * @throws InvalidDefinition as {@link #parse}
   */
  public static StateMachine read(Path file) throws IOException {
    String fileName = String.valueOf(file.getFileName());
    return parse(fileName.replaceFirst("(\\.asl)?\\.json$", ""), Files.readString(file));
  }

  public String name() {
    return name;
  }

  /** The JSON text that this was made from. */
  public String definition() {
    return definition;
  }

  public Optional<String> comment() {
    return comment;
  }

  /** Every {@code Resource} of a Task state, an item reader or a result writer; sorted. */
  public Set<String> resources() {
    Set<String> resources = new TreeSet<>();
    forEachState(
        state -> {
          if (state instanceof TaskState task) {
            resources.add(task.resource());
          } else if (state instanceof MapState map) {
            map.fields().itemReader().ifPresent(r -> resources.add(r.resource()));
            map.fields().resultWriter().ifPresent(w -> resources.add(w.resource()));
          }
        });
    return resources;
  }

  /**
   * Every name in an {@code ErrorEquals} or a Fail state's constant {@code Error}; sorted. Names
   * that are classes of a task's code are matched letter by letter: compare them with the code.
   */
  public Set<String> errorNames() {
    Set<String> names = new TreeSet<>();
    forEachState(
        state -> {
          if (state instanceof FaultTolerantState tolerant) {
            tolerant.retriers().forEach(retrier -> names.addAll(retrier.errors()));
            tolerant.catchers().forEach(catcher -> names.addAll(catcher.errors()));
          } else if (state instanceof FailState fail) {
            fail.error()
                .filter(Template::isConstant)
                .ifPresent(e -> names.add(e.literal().asText()));
          }
        });
    return names;
  }

  States states() {
    return states;
  }

  void forEachState(Consumer<State> action) {
    forEachState(states, action);
  }

  private static void forEachState(States states, Consumer<State> action) {
    for (State state : states.states().values()) {
      action.accept(state);
      state.inner().forEach(inner -> forEachState(inner, action));
    }
  }
}
