package dev.godwit.worker.generate;

import dev.godwit.migration.Item;
import dev.godwit.migration.ItemGenerator;
import dev.godwit.migration.TransformContext;
import dev.godwit.run.Tally;
import dev.godwit.worker.BadSliceRequest;
import dev.godwit.worker.page.Page;
import dev.godwit.worker.page.PageSource;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The items that a generator makes of one shard, page by page. The cursor is the position: how many
 * items of the shard are done.
 *
 * <p>As long as one page follows the other, they come from one iterator; a slice that goes on
 * elsewhere asks for a new one. Nothing is made ahead. Used by one slice, from one thread.
 */
public final class GeneratedPages implements PageSource {
  private static final String POSITION = "position";

  /** As many as a page of a scan may have. */
  private static final int MOST = 1000;

  private final ItemGenerator generator;
  private final int shard;
  private final int shards;
  private final TransformContext context;
  private @Nullable Iterator<Item> items;
  private long position;

  /** The positions behind the items of the page that was made last. */
  private IdentityHashMap<Item, Long> behind = new IdentityHashMap<>();

  public GeneratedPages(ItemGenerator generator, int shard, int shards, TransformContext context) {
    this.generator = generator;
    this.shard = shard;
    this.shards = shards;
    this.context = context;
  }

  @Override
  public boolean mayReadAhead() {
    return false;
  }

  /**
   * Makes one page. An item that cannot be made ends it; asked for alone, it fails the slice.
   *
   * @throws BadSliceRequest when not even the first item can be made
   */
  @Override
  @SuppressWarnings("CatchingUnchecked") // user code
  public Optional<Page> read(Optional<Item> cursor, OptionalInt limit) {
    long from = cursor.map(at -> at.number(POSITION).longValueExact()).orElse(0L);
    try {
      return Optional.of(page(from, Math.min(MOST, limit.orElse(MOST))));
    } catch (Exception e) {
      items = null;
      throw failed(from, e);
    }
  }

  private Page page(long from, int most) throws Exception {
    @Nullable Iterator<Item> made = items;
    if (made == null || position != from) {
      made = Objects.requireNonNull(generator.items(shard, shards, from, context), "no iterator");
    }
    var page = new ArrayList<Item>();
    behind = new IdentityHashMap<>();
    position = from;
    boolean isLast = false;
    try {
      while (page.size() < most && !isLast) {
        isLast = !made.hasNext();
        if (!isLast) {
          var item = own(Objects.requireNonNull(made.next(), "an item that is null"));
          page.add(item);
          position++;
          behind.put(item, position);
        }
      }
    } catch (RuntimeException e) {
      if (page.isEmpty()) {
        throw e;
      }
      made = null;
    }
    items = made;
    return new Page(
        page,
        page.size(),
        isLast ? Optional.empty() : Optional.of(cursor(position)),
        0,
        Tally.ZERO);
  }

  /** A generator may yield one object twice; the positions are those of objects. */
  private static Item own(Item item) {
    return item.only(item.names());
  }

  private BadSliceRequest failed(long from, Exception e) {
    return new BadSliceRequest(
        "The migration's generator cannot make what comes after the first "
            + from
            + " items of shard "
            + shard
            + " of "
            + shards
            + " ("
            + e.getClass().getName()
            + "); those before it are done. Mend it and redrive the run",
        e);
  }

  /** Where to go on after {@code item}, of the page that was made last. */
  public Item cursorAfter(Item item) {
    return cursor(Objects.requireNonNull(behind.get(item), "no item of this page"));
  }

  private static Item cursor(long position) {
    return Item.empty().with(POSITION, position);
  }
}
