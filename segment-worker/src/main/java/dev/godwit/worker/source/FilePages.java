package dev.godwit.worker.source;

import dev.godwit.migration.Item;
import dev.godwit.migration.Source.Format;
import dev.godwit.run.Tally;
import dev.godwit.worker.TableRefused;
import dev.godwit.worker.WorkerException;
import dev.godwit.worker.page.Page;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The items of one segment's part of some files. Of one file of plain lines the part is a range of
 * its bytes: the lines that begin there. Of one that is gzipped, or an array, the first segment has
 * all. Of several, each is read by one segment, whole.
 *
 * <p>The cursor says which file, and where in its text. To go on costs nothing in plain lines; in
 * an array the look at its first byte; in a gzipped file, that the member is unzipped up to there.
 *
 * <p>What is no item is in a page as one of {@link DamagedText}. A file that cannot be read further
 * ends its page before that; asked for again, it fails. Used by one slice.
 */
public final class FilePages implements PlacedPages {
  private static final String FILE = "file";
  private static final String OFFSET = "offset";
  private static final String MEMBER = "member";
  private static final String MEMBER_OFFSET = "memberOffset";
  private static final String ITEMS = "items";

  /** As many as a page of a scan may have. */
  private static final int MOST_ITEMS = 1000;

  private static final int MOST_BYTES = 1 << 20;

  private final SourceFiles files;
  private final Optional<Format> format;
  private final List<Part> parts;
  private final List<String> distinct;

  private @Nullable Reading reading;
  private IdentityHashMap<Item, Read> read = new IdentityHashMap<>();

  /**
   * @param format of an export, none
   * @param distinct attributes in which no two items of a page are alike; empty if that does not
   *     matter
   */
  private FilePages(
      SourceFiles files, Optional<Format> format, List<Part> parts, List<String> distinct) {
    this.files = files;
    this.format = format;
    this.parts = parts;
    this.distinct = distinct;
  }

  /**
   * One segment's part of {@code found}.
   *
   * @param distinct attributes in which no two items of a page are alike; empty if that does not
   *     matter
   */
  FilePages(
      SourceFiles files,
      List<SourceFile> found,
      Format format,
      int segment,
      int totalSegments,
      List<String> distinct) {
    this(files, Optional.of(format), parts(found, segment, totalSegments), distinct);
  }

  /** One segment's part of an export: every file of so many, held against its manifest. */
  static FilePages ofExport(
      SourceFiles files,
      List<DataFile> data,
      int segment,
      int totalSegments,
      List<String> distinct) {
    var parts = new ArrayList<Part>();
    for (int i = segment; i < data.size(); i += totalSegments) {
      var file = files.find(data.get(i).address()).get(0);
      parts.add(new Part(file, 0, file.bytes(), true, Optional.of(data.get(i))));
    }
    return new FilePages(files, Optional.empty(), parts, distinct);
  }

  /**
   * What a segment reads of a file.
   *
   * @param from of plain lines, where its range begins
   * @param to where that ends
   * @param hasRest whether it has the whole file where that is no plain lines
   * @param data what the file must be, if it is an export's
   */
  private record Part(
      SourceFile file, long from, long to, boolean hasRest, Optional<DataFile> data) {
    static Part whole(SourceFile file) {
      return new Part(file, 0, file.bytes(), true, Optional.empty());
    }
  }

  private static List<Part> parts(List<SourceFile> found, int segment, int totalSegments) {
    if (found.size() == 1) {
      var file = found.get(0);
      return List.of(
          new Part(
              file,
              part(file.bytes(), segment, totalSegments),
              part(file.bytes(), segment + 1, totalSegments),
              segment == 0,
              Optional.empty()));
    }
    var parts = new ArrayList<Part>();
    for (int i = segment; i < found.size(); i += totalSegments) {
      parts.add(Part.whole(found.get(i)));
    }
    return parts;
  }

  private static long part(long bytes, int segment, int totalSegments) {
    return Math.floorDiv(bytes, totalSegments) * segment
        + Math.floorMod(bytes, totalSegments) * (long) segment / totalSegments;
  }

  /** An item of the page that was read last. */
  private record Read(
      SourceFile file,
      Place at,
      Place next,
      long items,
      Optional<String> damage,
      boolean isDeleted) {}

  /** A file that is being read. */
  private static final class Reading {
    private final int part;
    private final SourceFile file;
    private final Pieces pieces;

    /** Pieces from there on are others'. */
    private final long to;

    /** Where what was read last has ended. */
    private Place at;

    /** How many items of the file come before that. */
    private long items;

    /** A piece that was read and not used. */
    private Optional<Piece> ahead = Optional.empty();

    Reading(int part, SourceFile file, Pieces pieces, long to, Place at, long items) {
      this.part = part;
      this.file = file;
      this.pieces = pieces;
      this.to = to;
      this.at = at;
      this.items = items;
    }

    Optional<Piece> next() {
      var piece = ahead.isPresent() ? ahead : pieces.next().filter(it -> it.at().offset() < to);
      ahead = Optional.empty();
      return piece;
    }
  }

  @Override
  public void close() {
    var open = reading;
    reading = null;
    if (open != null) {
      open.pieces.close();
    }
  }

  @Override
  public Item cursorAfter(Item item) {
    var last = known(item);
    return cursor(last.file, last.next, last.items);
  }

  private Read known(Item item) {
    var known = read.get(item);
    if (known == null) {
      throw new IllegalArgumentException("no item of this page");
    }
    return known;
  }

  @Override
  public Optional<String> from(Item item) {
    return Optional.ofNullable(read.get(item)).map(FilePages::from);
  }

  private static String from(Read read) {
    return read.file.address() + ", byte " + read.at.offset();
  }

  @Override
  public Optional<String> damage(Item item) {
    return Optional.ofNullable(read.get(item)).flatMap(Read::damage);
  }

  @Override
  public boolean isGone(Item item) {
    return Optional.ofNullable(read.get(item)).map(Read::isDeleted).orElse(false);
  }

  private static Item cursor(SourceFile file, Place place, long items) {
    return Item.empty()
        .with(FILE, file.name())
        .with(OFFSET, place.offset())
        .with(MEMBER, place.member())
        .with(MEMBER_OFFSET, place.memberOffset())
        .with(ITEMS, items);
  }

  @Override
  public Optional<Page> read(Optional<Item> cursor, OptionalInt limit) {
    int part = cursor.map(this::part).orElse(0);
    if (part >= parts.size()) {
      read = new IdentityHashMap<>();
      return Optional.of(new Page(List.of(), 0, Optional.empty(), 0, Tally.ZERO));
    }
    var at = cursor.map(FilePages::place);
    var open = reading;
    if (open == null || open.part != part || !at.equals(Optional.of(open.at))) {
      close();
      open = open(part, at, cursor.map(it -> number(it, ITEMS)).orElse(0L)).orElse(null);
      reading = open;
    }
    if (open == null) {
      read = new IdentityHashMap<>();
      return Optional.of(new Page(List.of(), 0, after(part), 0, Tally.ZERO));
    }
    return Optional.of(page(open, Math.min(MOST_ITEMS, limit.orElse(MOST_ITEMS))));
  }

  private int part(Item cursor) {
    var name = cursor.string(FILE);
    for (int i = 0; i < parts.size(); i++) {
      if (parts.get(i).file.name().equals(name)) {
        return i;
      }
    }
    throw new TableRefused(
        "The file " + name + " of this segment is gone; what is left of it was not read",
        new IllegalArgumentException(name));
  }

  private static Place place(Item cursor) {
    return new Place(number(cursor, OFFSET), number(cursor, MEMBER), number(cursor, MEMBER_OFFSET));
  }

  private static long number(Item cursor, String name) {
    return cursor.number(name).longValueExact();
  }

  /** Where the file behind the part {@code number} begins; absent behind the last. */
  private Optional<Item> after(int number) {
    return number + 1 < parts.size()
        ? Optional.of(cursor(parts.get(number + 1).file, Place.START, 0))
        : Optional.empty();
  }

  /** Empty when the segment has nothing of it. */
  private Optional<Reading> open(int number, Optional<Place> at, long items) {
    var part = parts.get(number);
    var place = at.orElse(Place.START);
    if (place.equals(Place.START)) {
      part.data.ifPresent(data -> data.check(files, part.file));
    }
    boolean isArray = Pieces.isArray(files, part.file);
    if (isArray || Text.isGzipped(files, part.file)) {
      return part.hasRest
          ? Optional.of(
              new Reading(
                  number,
                  part.file,
                  isArray
                      ? Pieces.elements(files, part.file, place)
                      : Pieces.lines(files, part.file, place),
                  Long.MAX_VALUE,
                  place,
                  items))
          : Optional.empty();
    }
    return Optional.of(
        new Reading(
            number,
            part.file,
            at.isPresent()
                ? Pieces.lines(files, part.file, place)
                : Pieces.linesFrom(files, part.file, part.from),
            part.to,
            place,
            items));
  }

  private Page page(Reading open, int most) {
    read = new IdentityHashMap<>();
    var items = new ArrayList<Item>();
    boolean isOver;
    try {
      isOver = fill(open, most, items);
    } catch (WorkerException e) {
      close();
      if (items.isEmpty()) {
        throw e;
      }
      isOver = false; // whoever goes on behind these meets the trouble
    }
    return new Page(
        items,
        items.size(),
        isOver ? after(open.part) : Optional.of(cursor(open.file, open.at, open.items)),
        0,
        Tally.ZERO);
  }

  /** Answers whether the part is over. */
  private boolean fill(Reading open, int most, List<Item> items) {
    var keys = new HashSet<Item>();
    long bytes = 0;
    while (items.size() < most && bytes < MOST_BYTES) {
      var next = open.next();
      if (next.isEmpty()) {
        var data = parts.get(open.part).data;
        if (data.isPresent() && data.get().items() != open.items) {
          throw data.get().miscounted(open.items);
        }
        return true;
      }
      var piece = next.get();
      if (!piece.isBlank()) {
        var parsed = parsed(open.file, piece);
        if (parsed.damage.isEmpty()
            && !distinct.isEmpty()
            && !keys.add(parsed.item.only(distinct))) {
          open.ahead = next;
          return false;
        }
        open.items++;
        items.add(parsed.item);
        read.put(
            parsed.item,
            new Read(
                open.file, piece.at(), piece.next(), open.items, parsed.damage, parsed.isDeleted));
      }
      open.at = piece.next();
      bytes += piece.bytes().length;
    }
    return false;
  }

  /** What a piece says. */
  private record Parsed(Item item, Optional<String> damage, boolean isDeleted) {}

  private Parsed parsed(SourceFile file, Piece piece) {
    try {
      return format.isPresent() ? parsed(piece, format.get()) : exported(piece);
    } catch (IllegalArgumentException e) {
      return new Parsed(
          DamagedText.of(file, piece),
          Optional.of(
              file.address()
                  + ", byte "
                  + piece.at().offset()
                  + ", is no item"
                  + format.map(it -> " of the format " + it).orElse(" of an export")
                  + ": "
                  + e.getMessage()),
          false);
    }
  }

  private static Parsed exported(Piece piece) {
    var exported = ItemText.exported(piece.bytes());
    return new Parsed(exported.item(), Optional.empty(), exported.isDeleted());
  }

  private static Parsed parsed(Piece piece, Format format) {
    var item = ItemText.parse(format, piece.bytes());
    if (format == Format.JSON && ItemText.looksTyped(item)) {
      throw new IllegalArgumentException(
          "this looks like DynamoDB JSON; if it is, say the format dynamodb-json");
    }
    return new Parsed(item, Optional.empty(), false);
  }
}
