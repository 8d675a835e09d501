package dev.godwit.testkit;

import dev.godwit.migration.Item;
import java.util.List;
import java.util.Optional;

/**
 * One page of a scan.
 *
 * @param items those that the filter left; perhaps none
 * @param next the cursor of the next page; empty when this was the last, and only then
 */
public record ScannedPage(List<Item> items, Optional<Item> next) {
  public ScannedPage {
    items = List.copyOf(items);
  }
}
