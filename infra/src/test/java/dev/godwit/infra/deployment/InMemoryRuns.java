package dev.godwit.infra.deployment;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs that go on until the test ends them. */
final class InMemoryRuns implements Runs {
  final Map<String, Run> runs = new LinkedHashMap<>();
  final Map<String, String> requests = new LinkedHashMap<>();
  final List<String> stopped = new ArrayList<>();

  /** What AWS says instead of answering. */
  Optional<String> refusal = Optional.empty();

  @Override
  public void start(String runId, String request) {
    requests.putIfAbsent(runId, request);
    runs.putIfAbsent(runId, new Run(Status.RUNNING, Optional.empty(), ""));
  }

  @Override
  public Optional<Run> find(String runId) {
    refusal.ifPresent(
        why -> {
          throw new AwsRefused(why, new IllegalStateException());
        });
    return Optional.ofNullable(runs.get(runId));
  }

  @Override
  public void stop(String runId, String why) {
    stopped.add(runId);
    runs.put(runId, new Run(Status.FAILED, Optional.of(Instant.EPOCH), "ABORTED"));
  }

  @Override
  public String arn(String runId) {
    return "arn:" + runId;
  }

  /** The ids of runs, in the order in which they were started. */
  List<String> started() {
    return List.copyOf(runs.keySet());
  }
}
