package dev.godwit.cli.demo;

import dev.godwit.migration.Item;
import java.util.stream.Stream;

/** Items to fill a table with; can be gone through more than once. */
interface ItemSource {
  /** The key attributes as DynamoDB Local wants them declared: {@code id} or {@code id:N}. */
  String[] keys();

  /** How many items there are. */
  long count();

  /** The items, each made when it is asked for. Close it. */
  Stream<Numbered> items();

  /** What the item of this number is called, for people: {@code items.jsonl, line 3}. */
  String name(long number);

  /** An item and its number in its source, from 1. */
  record Numbered(long number, Item item) {}
}
