package dev.godwit.migration;

import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.util.Collection;
import java.util.Collections;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The migrations that are on the class path, by id. Immutable. */
public final class Migrations {
  private static final Pattern ID = Pattern.compile("(\\d{8})(-[a-z0-9]+)+");
  private static final int LONGEST_ID = 128;
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("uuuuMMdd").withResolverStyle(ResolverStyle.STRICT);

  private final SortedMap<String, Migration> byId;

  private Migrations(SortedMap<String, Migration> byId) {
    this.byId = byId;
  }

  /**
   * Finds the migrations that {@code loader} sees, with {@link ServiceLoader}.
   *
   * @throws InvalidMigrationException when one cannot be made, and as {@link #of}
   */
  public static Migrations discover(ClassLoader loader) {
    try {
      return of(
          ServiceLoader.load(Migration.class, loader).stream()
              .map(ServiceLoader.Provider::get)
              .toList());
    } catch (ServiceConfigurationError e) {
      throw new InvalidMigrationException(
          "A migration could not be loaded: "
              + e.getMessage()
              + (e.getCause() == null ? "" : " (" + e.getCause() + ")")
              + "; check META-INF/services/"
              + Migration.class.getName(),
          e);
    }
  }

  /**
   * These migrations and no others.
   *
   * @throws InvalidMigrationException when one has a bad id, or shares its id with another, or
   *     throws when it is asked for its id, table or description
   */
  public static Migrations of(Collection<? extends Migration> migrations) {
    var byId = new TreeMap<String, Migration>();
    for (Migration migration : migrations) {
      var id = id(migration);
      var other = byId.put(id, migration);
      if (other != null) {
        throw new InvalidMigrationException(
            "Two migrations have the id "
                + id
                + ": "
                + other.getClass().getName()
                + " and "
                + migration.getClass().getName()
                + "; give one of them another id");
      }
    }
    return new Migrations(byId);
  }

  /**
   * The migration {@code id}.
   *
   * @throws UnknownMigrationException when there is none; its message lists those that there are
   */
  public Migration byId(String id) {
    var migration = byId.get(id);
    if (migration == null) {
      throw new UnknownMigrationException(id, byId.keySet());
    }
    return migration;
  }

  /**
   * The migration {@code id}, if it is meant for {@code table}.
   *
   * @throws UnknownMigrationException when there is none
   * @throws InvalidMigrationException when it is meant for another table
   */
  public Migration byId(String id, String table) {
    var migration = byId(id);
    if (!isMeantFor(migration, table)) {
      throw new InvalidMigrationException(
          "Migration "
              + id
              + " is meant for the table "
              + migration.table()
              + ", not for "
              + table
              + "; nothing was changed");
    }
    return migration;
  }

  /** Whether {@code migration} may be run over {@code table}; see {@link Migration#table}. */
  public static boolean isMeantFor(Migration migration, String table) {
    return isNamed(migration.table(), table);
  }

  /**
   * Whether {@code table} is named by {@code pattern}, in which a {@code *} stands for any
   * characters.
   */
  public static boolean isNamed(String pattern, String table) {
    return Pattern.compile("\\Q" + pattern.replace("*", "\\E.*\\Q") + "\\E")
        .matcher(table)
        .matches();
  }

  /** All of them, by id. */
  public Collection<Migration> all() {
    return Collections.unmodifiableCollection(byId.values());
  }

  /** Whether a migration may have the id {@code text}; see {@link Migration#id}. */
  public static boolean isId(String text) {
    var matcher = ID.matcher(text);
    return matcher.matches() && isDate(matcher.group(1)) && text.length() <= LONGEST_ID;
  }

  private static String id(Migration migration) {
    var id = told(migration);
    if (!isId(id)) {
      throw new InvalidMigrationException(
          "The id \""
              + id
              + "\" of "
              + migration.getClass().getName()
              + " must be a date and lower-case words, at most 128 characters, as in 20261120-city-coordinates");
    }
    return id;
  }

  /** Its id, and its table and description on the way, so that nobody is surprised later. */
  private static String told(Migration migration) {
    try {
      migration.table();
      migration.description();
      return migration.id();
    } catch (RuntimeException e) {
      throw new InvalidMigrationException(
          "The migration "
              + migration.getClass().getName()
              + " cannot say its id, table and description ("
              + e
              + "); let these be texts that need nothing else",
          e);
    }
  }

  private static boolean isDate(String digits) {
    try {
      LocalDate.parse(digits, DATE);
      return true;
    } catch (DateTimeParseException e) {
      return false;
    }
  }
}
