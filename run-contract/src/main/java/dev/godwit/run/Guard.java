package dev.godwit.run;

/** What a write is conditioned on, so that nothing that someone else wrote meanwhile is lost. */
public sealed interface Guard {
  /**
   * Every attribute that the transform read or that the write touches is still as scanned, and the
   * item exists.
   */
  record ReadSet() implements Guard {
    @Override
    public String toString() {
      return "read-set";
    }
  }

  /** The number {@code attribute} is still as scanned; the same write raises it by one. */
  record Version(String attribute) implements Guard {
    public Version {
      if (attribute.isEmpty()) {
        throw new IllegalArgumentException(
            "guard version needs an attribute, as in version:revision");
      }
    }

    @Override
    public String toString() {
      return "version:" + attribute;
    }
  }

  /** Nothing: for tables that nobody else writes to. */
  record None() implements Guard {
    @Override
    public String toString() {
      return "none";
    }
  }

  /**
   * The guard written {@code text} in a request: {@code read-set}, {@code version:<attribute>} or
   * {@code none}.
   */
  static Guard of(String text) {
    if (text.equals("read-set")) {
      return new ReadSet();
    }
    if (text.equals("none")) {
      return new None();
    }
    if (text.startsWith("version:")) {
      return new Version(text.substring("version:".length()));
    }
    throw new IllegalArgumentException(
        "guard must be read-set, version:<attribute> or none, not \"" + text + "\"");
  }
}
