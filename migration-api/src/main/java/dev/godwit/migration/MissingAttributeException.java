package dev.godwit.migration;

/** An attribute was read that the item does not have. */
public final class MissingAttributeException extends GodwitException {
  MissingAttributeException(String attribute) {
    super(
        "The item has no attribute \""
            + attribute
            + "\"; ask has(\""
            + attribute
            + "\") or find(\""
            + attribute
            + "\") where it may be absent");
  }
}
