package dev.godwit.migration;

/** A value was read as a type that it is not of. */
public final class WrongTypeException extends GodwitException {
  WrongTypeException(AttributeType asked, AttributeType found) {
    super("The value is of type " + found + ", not " + asked);
  }

  WrongTypeException(String attribute, WrongTypeException cause) {
    super("Attribute \"" + attribute + "\": " + cause.getMessage(), cause);
  }
}
