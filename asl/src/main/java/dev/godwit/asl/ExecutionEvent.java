package dev.godwit.asl;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;

/**
 * Something that happened in an execution, named as in Step Functions' history.
 *
 * @param executionArn whose history: a top-level execution's, or one child's
 * @param id 1 for the first event of that history
 * @param type a HistoryEventType: {@code TaskStateEntered}, {@code MapRunStarted} …
 * @param stateName empty where the event belongs to no state
 * @param details as in that history, but JSON where it has JSON in text: {@code {"Error", "Cause"}}
 *     of a failure, {@code {"name", "input"}} of a state that is entered, {@code {"name", "output",
 *     "assignedVariables"}} of one that is left; else empty
 */
public record ExecutionEvent(
    Instant at, String executionArn, long id, String type, String stateName, JsonNode details) {}
