package dev.godwit.testkit;

import dev.godwit.migration.Item;
import dev.godwit.migration.ItemTransform;
import dev.godwit.migration.Migration;
import dev.godwit.migration.TransformContext;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * Applies a transform to sample items, without a table and without a run.
 *
 * <pre>{@code
 * TransformTester.up(new CompletedFlag())
 *     .apply(DynamoDbJson.parse("{\"id\":{\"S\":\"7\"}}"))
 *     .assertBecomes(DynamoDbJson.parse("{\"id\":{\"S\":\"7\"},\"completed\":{\"BOOL\":false}}"))
 *     .assertGuardedBy("completed")
 *     .assertIdempotent();
 * }</pre>
 *
 * <p>Immutable.
 */
public final class TransformTester {
  private static final Instant STARTED_AT = Instant.parse("2026-11-20T12:00:00Z");

  private final ItemTransform transform;
  private final TransformContext context;

  private TransformTester(ItemTransform transform, TransformContext context) {
    this.transform = transform;
    this.context = context;
  }

  /** Tests {@code transform}, in a run {@code test} started on 2026-11-20 at noon UTC. */
  public static TransformTester of(ItemTransform transform) {
    return new TransformTester(transform, new TransformContext("test", STARTED_AT, Map.of()));
  }

  /** Tests what {@code migration} does going up. */
  public static TransformTester up(Migration migration) {
    return of(migration.up());
  }

  /**
   * Tests what {@code migration} does going down.
   *
   * @throws AssertionError when it has no way down
   */
  public static TransformTester down(Migration migration) {
    return of(
        migration
            .down()
            .orElseThrow(
                () -> new AssertionError("Migration " + migration.id() + " has no way down")));
  }

  /** This tester, with runs started at {@code instant}. */
  public TransformTester startedAt(Instant instant) {
    return new TransformTester(
        transform, new TransformContext(context.runId(), instant, context.parameters()));
  }

  /** This tester, with runs started with the parameter {@code name}. */
  public TransformTester parameter(String name, String value) {
    var parameters = new HashMap<>(context.parameters());
    parameters.put(name, value);
    return new TransformTester(
        transform, new TransformContext(context.runId(), context.startedAt(), parameters));
  }

  /** What the transform does to {@code item}; whatever was read of it before does not count. */
  public Outcome apply(Item item) {
    return Outcome.of(transform, context, StoredItem.of(item).fresh());
  }
}
