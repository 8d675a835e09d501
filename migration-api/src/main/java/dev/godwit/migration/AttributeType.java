package dev.godwit.migration;

/** DynamoDB's types of attributes, by the names that its wire format gives them. */
public enum AttributeType {
  /** A string. */
  S,
  /** A number of up to 38 digits. */
  N,
  /** Bytes. */
  B,
  /** True or false. */
  BOOL,
  /** Null. */
  NULL,
  /** A set of strings. */
  SS,
  /** A set of numbers. */
  NS,
  /** A set of byte strings. */
  BS,
  /** A list of values. */
  L,
  /** A map of names to values. */
  M
}
