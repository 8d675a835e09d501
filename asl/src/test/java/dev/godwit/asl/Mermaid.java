package dev.godwit.asl;

import java.util.LinkedHashMap;
import java.util.Map;

/** Draws a state machine as a Mermaid flowchart. */
final class Mermaid {
  private final StringBuilder out = new StringBuilder("flowchart TD\n");
  private final Map<String, String> ids = new LinkedHashMap<>();

  private Mermaid() {}

  static String of(StateMachine machine) {
    Mermaid mermaid = new Mermaid();
    mermaid.out.append("  start((\" \")) --> ").append(mermaid.id(machine.states().startAt()));
    mermaid.out.append('\n');
    mermaid.states(machine.states(), "  ");
    return mermaid.out.toString();
  }

  /** State names are unique in a machine, so a number for each will do. */
  private String id(String stateName) {
    return ids.computeIfAbsent(stateName, name -> "s" + ids.size());
  }

  private void states(States states, String indent) {
    for (State state : states.states().values()) {
      if (state.inner().isEmpty()) {
        out.append(indent).append(id(state.name())).append(shape(state)).append('\n');
      } else {
        out.append(indent)
            .append("subgraph ")
            .append(id(state.name()))
            .append("[\"")
            .append(escaped(title(state)))
            .append("\"]\n");
        state.inner().forEach(inner -> states(inner, indent + "  "));
        out.append(indent).append("end\n");
      }
    }
    for (State state : states.states().values()) {
      for (State.Edge edge : state.edges()) {
        out.append(indent).append(id(state.name()));
        out.append(edge.label().isEmpty() ? " --> " : " -- \"" + escaped(edge.label()) + "\" --> ");
        out.append(id(edge.target())).append('\n');
      }
    }
  }

  private static String title(State state) {
    if (state instanceof MapState map) {
      return state.name() + (map.fields().distributed() ? " (a child for each item)" : " (each)");
    }
    return state.name();
  }

  private static String shape(State state) {
    String name = escaped(state.name());
    return switch (state.type()) {
      case "Choice" -> "{\"" + name + "\"}";
      case "Succeed" -> "([\"" + name + "\"])";
      case "Fail" -> "[[\"" + name + "\"]]";
      case "Wait" -> "(\"" + name + "\")";
      default -> "[\"" + name + "\"]";
    };
  }

  private static String escaped(String text) {
    return text.replace("\"", "#quot;");
  }
}
