package dev.godwit.asl;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Optional;

/**
 * What the disk says of an execution, whoever runs it.
 *
 * @param arn its own: no execution of its name in another folder has it
 * @param status {@code RUNNING} also for one whose process was killed
 * @param killed whether it says {@code RUNNING}, but no living process runs it: redrive it
 * @param error of one that ended otherwise than well
 */
public record ExecutionSummary(
    String stateMachine,
    String name,
    String arn,
    JsonNode input,
    ExecutionStatus status,
    boolean killed,
    Instant startedAt,
    int redriveCount,
    Optional<Instant> stoppedAt,
    Optional<JsonNode> output,
    Optional<String> error,
    Optional<String> cause) {}
