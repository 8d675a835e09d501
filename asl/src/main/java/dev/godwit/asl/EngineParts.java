package dev.godwit.asl;

import java.util.Map;
import java.util.random.RandomGenerator;

/** What every part of the engine shares. */
record EngineParts(
    Loop loop,
    TaskPorts ports,
    ObjectStore objects,
    ExecutionListener listener,
    RandomGenerator random,
    EvaluationListener evaluations,
    java.time.Duration grace) {

  /** Task ports by resource prefix. */
  record TaskPorts(Map<String, TaskPort> byPrefix) {
    /**
     * The port with the longest prefix of {@code resource}, which is asked for by its short name.
     */
    java.util.Optional<TaskPort> find(String resource) {
      String name = Resources.shortName(resource);
      return byPrefix.entrySet().stream()
          .filter(e -> name.startsWith(e.getKey()))
          .max(java.util.Comparator.comparingInt(e -> e.getKey().length()))
          .map(Map.Entry::getValue);
    }
  }
}
