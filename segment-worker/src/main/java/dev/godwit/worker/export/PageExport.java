package dev.godwit.worker.export;

import dev.godwit.migration.Item;
import dev.godwit.run.Counter;
import dev.godwit.run.Tally;
import dev.godwit.worker.pace.Deadline;
import dev.godwit.worker.page.Page;
import dev.godwit.worker.record.RunRecords;
import dev.godwit.worker.write.PageHandler;
import java.time.Duration;
import java.util.Optional;

/**
 * Keeps the items of each page in a file of its own, durable before the cursor moves: a crash has
 * the page read and kept again, and a later try's file overtakes it.
 */
public record PageExport(RunRecords records) implements PageHandler {
  @Override
  public Handled handle(Page page, Optional<Item> cursor, Duration deciding, Deadline deadline) {
    records.keepExported(cursor, page.next(), page.items());
    int items = page.items().size();
    return new Handled(
        Tally.of(Counter.SCANNED, items).plus(Counter.KEPT, items),
        items,
        page.next(),
        Optional.empty(),
        Optional.empty());
  }
}
