package dev.godwit.examples;

import dev.godwit.migration.Action;
import dev.godwit.migration.Change;
import dev.godwit.migration.Item;
import dev.godwit.migration.ItemTransform;
import dev.godwit.migration.Migration;
import dev.godwit.migration.TransformContext;

/**
 * Copies the users of an old table into a single-table design: {@code PK} and {@code SK} are {@code
 * USER#} and the old {@code userId}; {@code mail} becomes {@code email}, {@code fullName} becomes
 * {@code name}; {@code status} and {@code plan} get defaults; everything else comes along as it is.
 *
 * <p>The other table is named by the run's parameter {@code target}. A user who is there already is
 * left alone, so new code may write to the target while the run goes on, and a repeated run does no
 * harm. The old items are kept: delete the old table when nobody reads it any more.
 */
public final class UsersToSingleTable implements Migration {
  @Override
  public String id() {
    return "20261120-users-to-single-table";
  }

  @Override
  public String table() {
    return "Users*";
  }

  @Override
  public String description() {
    return "Copies users to the table --parameter target=TABLE as PK/SK USER#...";
  }

  @Override
  public ItemTransform up() {
    return UsersToSingleTable::copied;
  }

  private static Change copied(Item user, TransformContext context) {
    var target =
        context
            .parameter("target")
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "No target table; start the run with --parameter target=TABLE"));
    var key = "USER#" + user.string("userId");
    var moved = user.rename("mail", "email").rename("fullName", "name");
    moved = withDefault(moved, "status", "ACTIVE");
    moved = withDefault(moved, "plan", "free");
    return Change.keep()
        .and(
            Action.putIfAbsent(
                target, moved.with("PK", key).with("SK", key).with("entity", "USER")));
  }

  private static Item withDefault(Item item, String name, String value) {
    return item.has(name) ? item : item.with(name, value);
  }
}
