package dev.godwit.cli.table;

import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.migration.Item;
import dev.godwit.worker.WorkerException;
import dev.godwit.worker.dynamodb.DynamoDbDatabase;
import dev.godwit.worker.pace.Pace;
import dev.godwit.worker.pace.Pacer;
import dev.godwit.worker.pace.SliceDeadline;
import dev.godwit.worker.pace.Timer;
import dev.godwit.worker.page.PageSource;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** Some items of a table, from all over it, for little reading. */
public final class SampledItems {
  /** Segments that are far from each other; an empty or short one is made up for by the others. */
  private static final int PLACES = 20;

  /** How long a table that throttles is asked again. */
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private record Place(PageSource source, Optional<Item> cursor) {}

  private SampledItems() {}

  /**
   * At most {@code most} items.
   *
   * @throws CommandFailed when the table cannot be read
   */
  public static List<Item> of(DynamoDbConnection connection, String table, int most) {
    var items = new ArrayList<Item>();
    try (var database = new DynamoDbDatabase(connection.service(), false)) {
      var pace =
          new Pace(
              new Pacer(OptionalDouble.empty(), Timer.SYSTEM),
              new SliceDeadline(PATIENCE, System::nanoTime, () -> Long.MAX_VALUE));
      var places = new ArrayDeque<Place>();
      for (int segment = 0; segment < PLACES; segment++) {
        var source = database.segment(table, segment, PLACES, Optional.empty(), pace);
        places.add(new Place(source, Optional.empty()));
      }
      while (items.size() < most && !places.isEmpty()) {
        var place = places.remove();
        int wanted = Math.max(1, Math.min(most - items.size(), most / PLACES));
        var read = place.source.read(place.cursor, OptionalInt.of(wanted));
        if (read.isEmpty()) {
          break; // time ran out: what was read so far will have to do
        }
        var page = read.get();
        items.addAll(page.items());
        page.next().ifPresent(next -> places.add(new Place(place.source, Optional.of(next))));
      }
    } catch (WorkerException e) {
      throw new CommandFailed(ExitCode.UNREACHABLE, String.valueOf(e.getMessage()), e);
    }
    return items;
  }
}
