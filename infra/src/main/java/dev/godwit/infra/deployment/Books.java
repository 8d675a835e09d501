package dev.godwit.infra.deployment;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The part of the ledger that a deployment reads, and the one item of its own that it writes. */
interface Books {
  /** Whether the history says that a migration is applied to a table now. */
  boolean applied(String tableName, String migration);

  /** The run that holds a table, if one does. */
  Optional<String> holder(String tableName);

  /** Whether a run got as far as opening its books, after which it may have changed items. */
  boolean opened(String runId);

  /** What the newest deployment did to a table; empty before the first. */
  Optional<Note> note(String tableName);

  void write(String tableName, Note note);

  /**
   * What one deployment did to a table, so that a rollback undoes that and nothing else.
   *
   * @param deployment CloudFormation's id of the request that began it
   * @param request what it asked for, as the custom resource's properties
   * @param started the runs that it started, in order
   * @param rolledBack whether it is being, or was, undone
   */
  record Note(
      String deployment, DeploymentRequest request, List<Started> started, boolean rolledBack) {
    public Note {
      started = List.copyOf(started);
    }

    Note with(Started more) {
      var all = new ArrayList<>(started);
      all.add(more);
      return new Note(deployment, request, all, rolledBack);
    }

    Note without(Started less) {
      return new Note(
          deployment, request, started.stream().filter(s -> !s.equals(less)).toList(), rolledBack);
    }

    Note goingBack() {
      return new Note(deployment, request, started, true);
    }
  }

  /**
   * A run that a deployment started.
   *
   * @param undoable whether the migration has a {@code down}
   */
  record Started(String migration, String runId, boolean undoable) {}
}
