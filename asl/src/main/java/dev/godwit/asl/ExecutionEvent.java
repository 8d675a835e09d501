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
 * @param details {@code {"Error", "Cause"}} of a failure, {@code {"name"}} and the like; else empty
 */
public record ExecutionEvent(
    Instant at, String executionArn, long id, String type, String stateName, JsonNode details) {}
