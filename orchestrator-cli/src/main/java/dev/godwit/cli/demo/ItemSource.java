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
  Stream<Item> items();
}
