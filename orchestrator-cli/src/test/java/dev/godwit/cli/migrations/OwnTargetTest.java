package dev.godwit.cli.migrations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.migration.Change;
import dev.godwit.migration.Item;
import dev.godwit.migration.ItemTransform;
import dev.godwit.migration.Migration;
import dev.godwit.migration.Source;
import dev.godwit.migration.Target;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class OwnTargetTest {
  @Test
  void of_aMigration_isWhereItPutsTheItemsOfThatTable() {
    var elsewhere = migration(() -> Optional.of(Target.table("Cities-2")), Source::scan);

    assertThat(OwnTarget.of(elsewhere, "Cities")).contains(Target.table("Cities-2"));
    assertThat(OwnTarget.changesNothing(elsewhere, "Cities")).isTrue();
    assertThat(OwnTarget.isMade(elsewhere)).isFalse();
  }

  @Test
  void changesNothing_ofOneInPlaceAndOneWhoseItemsAreMade_isFalseAndTrue() {
    var inPlace = migration(Optional::empty, Source::scan);
    var made =
        migration(
            Optional::empty,
            () ->
                Source.generator((shard, shards, position, context) -> List.<Item>of().iterator()));

    assertThat(OwnTarget.changesNothing(inPlace, "Cities")).isFalse();
    assertThat(OwnTarget.changesNothing(made, "Cities")).isTrue();
    assertThat(OwnTarget.isMade(made)).isTrue();
  }

  @Test
  void of_aMigrationThatCannotSay_isToldByItsClassAsBadUsage() {
    var broken =
        migration(
            () -> {
              throw new IllegalStateException("no");
            },
            () -> {
              throw new IllegalStateException("no");
            });

    assertThatThrownBy(() -> OwnTarget.of(broken, "Cities"))
        .isInstanceOfSatisfying(
            CommandFailed.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.BAD_USAGE))
        .hasMessageContaining("cannot say its target");
    assertThatThrownBy(() -> OwnTarget.isMade(broken))
        .isInstanceOf(CommandFailed.class)
        .hasMessageContaining("cannot say its source");
  }

  private static Migration migration(Supplier<Optional<Target>> target, Supplier<Source> source) {
    return new Migration() {
      @Override
      public String id() {
        return "20261126-any";
      }

      @Override
      public String table() {
        return "*";
      }

      @Override
      public String description() {
        return "any";
      }

      @Override
      public ItemTransform up() {
        return (item, context) -> Change.keep();
      }

      @Override
      public Optional<Target> target() {
        return target.get();
      }

      @Override
      public Source source() {
        return source.get();
      }
    };
  }
}
