package dev.godwit.asl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** Starts and resumes the children of one Map Run, and writes down what each has left. */
final class ChildExecutions {
  private final Unit parent;
  private final MapState state;
  private final String mapRunId;
  private final MapRunFolder folder;

  ChildExecutions(Unit parent, MapState state, String mapRunId, MapRunFolder folder) {
    this.parent = parent;
    this.state = state;
    this.mapRunId = mapRunId;
    this.folder = folder;
  }

  /** Told once for each child. */
  interface WhenEnded {
    void ended(int index, ObjectNode record, Ending ending);
  }

  void start(int index, JsonNode input, Cancellation cancellation, WhenEnded whenEnded) {
    Child child = new Child(index, input, 0, whenEnded);
    child.unit.event("ExecutionStarted", "");
    child.flow(cancellation, 0).start(input);
  }

  /** From the state that the child entered last, with that state's input. */
  void resume(int index, Cancellation cancellation, WhenEnded whenEnded) {
    String path = String.valueOf(index);
    Journal.Entry entry = folder.journal().entry(path).orElseThrow();
    int redriveCount = entry.redriveCount() + 1;
    folder.journal().redriven(path, redriveCount);
    Child child = new Child(index, entry.input(), redriveCount, whenEnded);
    child.unit.event("ExecutionRedriven", "");
    child.flow(cancellation, redriveCount).resume(entry);
  }

  private final class Child {
    private final int index;
    private final JsonNode input;
    private final int redriveCount;
    private final WhenEnded whenEnded;
    private final String name;
    private final Instant startedAt = parent.loop().now();
    private final Unit unit;

    Child(int index, JsonNode input, int redriveCount, WhenEnded whenEnded) {
      this.index = index;
      this.input = input;
      this.redriveCount = redriveCount;
      this.whenEnded = whenEnded;
      this.name = MapRun.childName(mapRunId, index);
      this.unit =
          new Unit(
              parent.parts(),
              parent.names(),
              parent.names().childArn(state.label(), name),
              context(),
              folder.journal());
    }

    private JsonNode context() {
      ObjectNode context = JsonNodeFactory.instance.objectNode();
      ObjectNode execution = context.putObject("Execution");
      execution.put("Id", parent.names().childArn(state.label(), name));
      execution.set("Input", input);
      execution
          .put("Name", name)
          .put("RoleArn", ContextObject.ROLE_ARN)
          .put("StartTime", startedAt.toString())
          .put("RedriveCount", redriveCount);
      context
          .putObject("StateMachine")
          .put("Id", parent.names().childMachineArn(state.label()))
          .put("Name", parent.names().machine() + "/" + state.label());
      return context;
    }

    Flow flow(Cancellation cancellation, int redrives) {
      return new Flow(
          unit,
          state.fields().processor(),
          String.valueOf(index),
          Map.of(),
          Optional.empty(),
          cancellation,
          redrives,
          this::ended);
    }

    private void ended(Ending ending) {
      unit.lastEvent(lastEvent(ending), details(ending));
      whenEnded.ended(index, record(ending), ending);
    }

    private static String lastEvent(Ending ending) {
      return "Execution" + Endings.word(ending);
    }

    private static JsonNode details(Ending ending) {
      return Endings.details(ending);
    }

    /**
     * As Step Functions' result files have it.
     *
     * <p>Source: Step Functions Developer Guide, "ResultWriter (Map)"; read 2026-11-20.
     */
    private ObjectNode record(Ending ending) {
      ObjectNode record = JsonNodeFactory.instance.objectNode();
      record.put("ExecutionArn", unit.arn());
      record.put("Input", input.toString());
      record.putObject("InputDetails").put("Included", true);
      record.put("Name", name);
      boolean well = false;
      if (ending instanceof Ending.Succeeded succeeded) {
        well = true;
        record.put("Output", succeeded.output().toString());
        record.putObject("OutputDetails").put("Included", true);
      } else if (ending instanceof Ending.Failed failed) {
        record.put("Error", failed.error().name()).put("Cause", failed.error().cause());
      }
      record
          .put("RedriveCount", redriveCount)
          .put("RedriveStatus", well ? "NOT_REDRIVABLE" : "REDRIVABLE_BY_MAP_RUN");
      if (well) {
        record.put("RedriveStatusReason", "Execution is SUCCEEDED and cannot be redriven");
      }
      return record
          .put("StartDate", startedAt.toString())
          .put("StateMachineArn", parent.names().childMachineArn(state.label()))
          .put("Status", Endings.status(ending).name())
          .put("StopDate", parent.loop().now().toString());
    }
  }
}
