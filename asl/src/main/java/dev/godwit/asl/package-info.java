/**
 * The definitions of a run's state machines, and the engine that runs them unchanged on one
 * machine.
 *
 * <pre>{@code
 * StateMachine machine = Definitions.migrateTable(Map.of("Partition", "aws", …));
 * try (Engine engine =
 *     Engine.builder(home)
 *         .task("lambda:invoke", call -> payload(worker.handle(call.arguments().get("Payload"))))
 *         .task("aws-sdk:dynamodb:", dynamoDb)
 *         .build()) {
 *   Execution run = engine.start(machine, runId, request);
 *   while (!run.await(Duration.ofSeconds(1))) {
 *     show(run.mapRuns());
 *   }
 * }
 * }</pre>
 *
 * <p>{@link dev.godwit.asl.Definitions} are the shipped files, {@link dev.godwit.asl.StateMachine}
 * any definition. {@link dev.godwit.asl.Engine} starts and redrives {@link
 * dev.godwit.asl.Execution}s; {@link dev.godwit.asl.TaskPort} and {@link
 * dev.godwit.asl.ObjectStore} are the world as they see it. Everything else is private to this
 * package.
 */
@NullMarked
package dev.godwit.asl;

import org.jspecify.annotations.NullMarked;
