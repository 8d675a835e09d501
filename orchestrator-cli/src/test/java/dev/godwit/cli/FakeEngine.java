package dev.godwit.cli;

import dev.godwit.cli.engine.EmbeddedEngines;
import dev.godwit.cli.folder.Origin;
import dev.godwit.cli.launch.LocalEngines;
import dev.godwit.cli.lifecycle.RunLifecycle;
import dev.godwit.cli.run.RunEnding;
import dev.godwit.cli.run.RunEngine;
import dev.godwit.cli.run.RunObserver;
import dev.godwit.cli.run.RunStatus;
import dev.godwit.cli.run.SegmentCounts;
import dev.godwit.cli.run.StopSignal;
import dev.godwit.cli.table.DynamoDbConnection;
import dev.godwit.migration.Migrations;
import dev.godwit.run.Counter;
import dev.godwit.run.RunRequest;
import dev.godwit.run.Tally;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Engines that run nothing, end as they are told, and remember what they were asked. */
final class FakeEngine implements LocalEngines, RunEngine {
  private final List<RunRequest> requests = new ArrayList<>();
  private RunStatus status = RunStatus.SUCCEEDED;
  private Tally tally = Tally.of(Counter.SCANNED, 7);
  private Optional<String> error = Optional.empty();
  private Optional<RuntimeException> thrown = Optional.empty();

  FakeEngine endingAs(RunStatus status, String error) {
    this.status = status;
    this.error = Optional.of(error);
    return this;
  }

  FakeEngine throwing(RuntimeException e) {
    this.thrown = Optional.of(e);
    return this;
  }

  FakeEngine counting(Tally tally) {
    this.tally = tally;
    return this;
  }

  List<RunRequest> requests() {
    return requests;
  }

  @Override
  public RunEngine open(
      DynamoDbConnection connection,
      String ledgerTable,
      Migrations migrations,
      Path results,
      Optional<Origin> origin) {
    return this;
  }

  @Override
  public RunLifecycle runs(
      DynamoDbConnection connection, String ledgerTable, Migrations migrations, Path results) {
    return new EmbeddedEngines().runs(connection, ledgerTable, migrations, results);
  }

  @Override
  public RunEnding run(RunRequest request, RunObserver observer, StopSignal stop) {
    requests.add(request);
    thrown.ifPresent(
        e -> {
          throw e;
        });
    return new RunEnding(
        request.runId(),
        stop.isStopped() ? RunStatus.ABORTED : status,
        new SegmentCounts(request.totalSegments(), request.totalSegments(), 0),
        tally,
        "/results",
        Duration.ofSeconds(1),
        error,
        Optional.of("Go on where it stood: 'godwit redrive " + request.runId() + "'."),
        List.of());
  }
}
