package dev.godwit.worker.source;

import dev.godwit.migration.AttributeType;
import dev.godwit.migration.Item;
import dev.godwit.migration.Source;
import dev.godwit.migration.Value;
import dev.godwit.worker.TableRefused;
import dev.godwit.worker.page.Access;
import dev.godwit.worker.page.PageSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/** The partition keys of a query, as they are named or as a file has them. Immutable. */
public final class QueryKeys {
  /** So many of a file are looked at before a run begins: some MB. */
  static final int MOST_LOOKED_AT = 100_000;

  private final Source.Query query;
  private final Access access;
  private final Access.Key key;
  private final Optional<FoundSource> file;

  private QueryKeys(Source.Query query, Access access, Optional<FoundSource> file) {
    this.query = query;
    this.access = access;
    this.key = access.partitionKey().get(0);
    this.file = file;
  }

  /**
   * Looks for the keys of {@code query}.
   *
   * @param access what is queried
   * @throws TableRefused when their file is not there, or what is queried has no such keys
   */
  public static QueryKeys of(Source.Query query, Access access, SourceFiles files) {
    if (access.partitionKey().size() > 1) {
      throw new TableRefused(
          sentence(access)
              + " has a partition key of several attributes, which a query does not know yet: take"
              + " the items from the whole index",
          new IllegalArgumentException("partition key"));
    }
    var where = query.where();
    if (where.isPresent() && access.sortKey().isEmpty()) {
      throw new TableRefused(
          sentence(access) + " has no sort key: leave out the condition on it",
          new IllegalArgumentException("sort key"));
    }
    where.ifPresent(
        condition -> condition.values().forEach(value -> check(access.sortKey().get(), value)));
    if (query.isConsistent() && !access.mayBeConsistent()) {
      throw new TableRefused(
          sentence(access)
              + " cannot be read consistently, as no global index can: leave that out, or query the"
              + " table",
          new IllegalArgumentException("consistent"));
    }
    query.partitionKeys().forEach(value -> check(access.partitionKey().get(0), value));
    return new QueryKeys(
        query, access, query.keysIn().flatMap(in -> FoundSource.of(in, access.table(), files)));
  }

  private static String sentence(Access access) {
    return "The" + access.toString().substring("the".length());
  }

  private static void check(Access.Key key, Value value) {
    if (value.type() != key.type()) {
      throw new TableRefused(
          "The key "
              + key.name()
              + " is of type "
              + key.type()
              + ", and the query asks for one of type "
              + value.type()
              + ": say it as it is in the table",
          new IllegalArgumentException("key"));
    }
  }

  /** The same, if their file is as it was when the run began. */
  public QueryKeys as(Optional<String> seen) {
    file.ifPresent(there -> there.as(seen));
    return this;
  }

  /** What their file is like: a digest; empty if they are in none. */
  public Optional<String> seen() {
    return file.flatMap(there -> there.given().seen());
  }

  /**
   * Looks at the first keys of their file, before a run begins.
   *
   * @throws TableRefused when one of them is none, or there are none
   */
  public void look() {
    if (file.isEmpty()) {
      return;
    }
    int seen = 0;
    try (var lines = new Closing(keys(0, 1))) {
      Optional<Item> cursor = Optional.empty();
      do {
        var page = lines.pages.read(cursor, OptionalInt.empty()).orElseThrow();
        page.items().forEach(line -> key(lines.pages, line));
        seen += page.items().size();
        cursor = page.next();
      } while (cursor.isPresent() && seen < MOST_LOOKED_AT);
    }
    if (seen == 0) {
      throw new TableRefused(
          "The file of partition keys "
              + query.keysIn().orElseThrow().location()
              + " has none: write one on each line, as in "
              + example(),
          new IllegalArgumentException("no keys"));
    }
  }

  private record Closing(PlacedPages pages) implements AutoCloseable {
    @Override
    public void close() {
      pages.close();
    }
  }

  /**
   * The items of one segment's share of these keys.
   *
   * @param partitions the pages of the partition with a key
   */
  public PlacedPages pages(int segment, int totalSegments, Function<Value, PageSource> partitions) {
    var keys = keys(segment, totalSegments);
    return new QueriedPages(keys, line -> key(keys, line), partitions, access);
  }

  private PlacedPages keys(int segment, int totalSegments) {
    return file.<PlacedPages>map(there -> there.pages(segment, totalSegments, List.of()))
        .orElseGet(() -> new NamedKeys(key.name(), query.partitionKeys(), segment, totalSegments));
  }

  /** The key in {@code line}, of the page of {@code lines} that was read last. */
  private Value key(PlacedPages lines, Item line) {
    var damage = lines.damage(line);
    if (damage.isPresent()) {
      throw new TableRefused(
          damage.get()
              + ". No item is left out without a word: mend the file of keys and run again",
          new IllegalArgumentException("damaged"));
    }
    var value = line.find(key.name()).filter(found -> found.type() == key.type());
    if (value.isEmpty()) {
      throw new TableRefused(
          lines.from(line).orElse("The query")
              + ", has no "
              + key.name()
              + " of type "
              + key.type()
              + ", the partition key of "
              + access
              + ": write it as in "
              + example(),
          new IllegalArgumentException("key"));
    }
    return value.get();
  }

  private String example() {
    var text = key.type() == AttributeType.N ? "7" : "alice";
    boolean isPlain = query.keysIn().map(in -> in.format() == Source.Format.JSON).orElse(false);
    if (!isPlain) {
      return "{\"" + key.name() + "\": {\"" + key.type() + "\": \"" + text + "\"}}";
    }
    return key.type() == AttributeType.N
        ? "{\"" + key.name() + "\": " + text + "}"
        : "{\"" + key.name() + "\": \"" + text + "\"}";
  }
}
