package dev.godwit.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MigrationsTest {
  private static final String A = "20261120-a";

  @Test
  void all_isSortedById() {
    var migrations = Migrations.of(List.of(named("20270101-b"), named(A)));
    assertThat(migrations.all()).extracting(Migration::id).containsExactly(A, "20270101-b");
  }

  @Test
  void of_twoWithOneId_namesTheIdAndBothClasses() {
    assertThatThrownBy(() -> Migrations.of(List.of(named(A), new Broken())))
        .isInstanceOf(InvalidMigrationException.class)
        .hasMessageContaining(A)
        .hasMessageContaining(Named.class.getName())
        .hasMessageContaining(Broken.class.getName());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "city-coordinates",
        "20261120",
        "20261120-",
        "20261120-City",
        "20261120-city--x",
        "20261120-city_x",
        "2026112-city",
        "20261120-city/../x"
      })
  void of_anIdThatBreaksThePattern_saysWhatItMustBe(String id) {
    assertThatThrownBy(() -> Migrations.of(List.of(named(id))))
        .isInstanceOf(InvalidMigrationException.class)
        .hasMessageContaining("\"" + id + "\"")
        .hasMessageContaining("as in 20261120-city-coordinates");
  }

  @ParameterizedTest
  @ValueSource(strings = {"20261320-a", "20260230-a", "20250229-a", "00000000-a"})
  void of_anIdWithADateThatIsNone_isRefused(String id) {
    assertThatThrownBy(() -> Migrations.of(List.of(named(id))))
        .isInstanceOf(InvalidMigrationException.class);
  }

  @Test
  void of_anIdLongerThan128_isRefused() {
    assertThat(Migrations.of(List.of(named("20261120-" + "a".repeat(119)))).all()).hasSize(1);
    assertThatThrownBy(() -> Migrations.of(List.of(named("20261120-" + "a".repeat(120)))))
        .isInstanceOf(InvalidMigrationException.class);
  }

  @Test
  void byId_unknown_listsTheKnown() {
    var migrations = Migrations.of(List.of(named(A), named("20261121-b")));
    assertThatThrownBy(() -> migrations.byId("20261120-c"))
        .isInstanceOf(UnknownMigrationException.class)
        .hasMessage("There is no migration 20261120-c; known: 20261120-a, 20261121-b");
  }

  @Test
  void byId_unknownWhereThereAreNone_asksForTheJar() {
    assertThatThrownBy(() -> Migrations.of(List.of()).byId(A))
        .isInstanceOf(UnknownMigrationException.class)
        .hasMessageContaining("is the jar with your migrations there?");
  }

  @Test
  void byIdAndTable_thatMatch_isTheMigration() {
    assertThat(of("Cities").byId(A, "Cities").id()).isEqualTo(A);
    assertThat(of("Cities-*").byId(A, "Cities-test").id()).isEqualTo(A);
    assertThat(of("*").byId(A, "any.thing_at-all").id()).isEqualTo(A);
    assertThat(of("a*.b*").byId(A, "a-x.b").id()).isEqualTo(A);
  }

  @Test
  void byIdAndTable_thatDoNotMatch_namesBothTables() {
    assertThatThrownBy(() -> of("Cities-*").byId(A, "Users"))
        .isInstanceOf(InvalidMigrationException.class)
        .hasMessageContaining("Cities-*")
        .hasMessageContaining("Users")
        .hasMessageContaining("nothing was changed");
    assertThatThrownBy(() -> of("Cities").byId(A, "Cities-test"))
        .isInstanceOf(InvalidMigrationException.class);
    // A dot is a dot, not any character.
    assertThatThrownBy(() -> of("a.b").byId(A, "axb"))
        .isInstanceOf(InvalidMigrationException.class);
  }

  @Test
  void discover_findsWhatTheServicesFileNames(@TempDir Path directory) throws IOException {
    try (var loader = loaderOf(directory, Found.class.getName())) {
      assertThat(Migrations.discover(loader).all()).singleElement().isInstanceOf(Found.class);
    }
  }

  @Test
  void discover_aClassThatCannotBeMade_namesTheServicesFile(@TempDir Path directory)
      throws IOException {
    for (String wrong :
        List.of(
            Broken.class.getName() + "Gone",
            MigrationsTest.class.getName(),
            Broken.class.getName())) {
      try (var loader = loaderOf(directory, wrong)) {
        assertThatThrownBy(() -> Migrations.discover(loader))
            .isInstanceOf(InvalidMigrationException.class)
            .hasMessageContaining(wrong)
            .hasMessageContaining("META-INF/services/dev.godwit.migration.Migration");
      }
    }
  }

  private static URLClassLoader loaderOf(Path directory, String className) throws IOException {
    var services = Files.createDirectories(directory.resolve("META-INF/services"));
    Files.writeString(services.resolve(Migration.class.getName()), className);
    return new URLClassLoader(
        new URL[] {directory.toUri().toURL()}, MigrationsTest.class.getClassLoader());
  }

  @Test
  void of_oneThatThrowsWhenAskedWhatItIs_namesItsClassAndSaysWhy() {
    var unsaid =
        new Migration() {
          @Override
          public String id() {
            return A;
          }

          @Override
          public String table() {
            throw new IllegalStateException("no table");
          }

          @Override
          public String description() {
            return "Does nothing";
          }

          @Override
          public ItemTransform up() {
            return (item, context) -> Change.keep();
          }
        };

    assertThatThrownBy(() -> Migrations.of(List.of(unsaid)))
        .isInstanceOf(InvalidMigrationException.class)
        .hasMessageContaining("The migration " + unsaid.getClass().getName() + " cannot say its")
        .hasMessageContaining("java.lang.IllegalStateException: no table");
  }

  private static Migration named(String id) {
    return new Named(id, "*");
  }

  private static Migrations of(String table) {
    return Migrations.of(List.of(new Named(A, table)));
  }

  private record Named(String id, String table) implements Migration {
    @Override
    public String description() {
      return "Does nothing";
    }

    @Override
    public ItemTransform up() {
      return (item, context) -> Change.keep();
    }
  }

  public static class Found implements Migration {
    @Override
    public String id() {
      return A;
    }

    @Override
    public String table() {
      return "*";
    }

    @Override
    public String description() {
      return "Does nothing";
    }

    @Override
    public ItemTransform up() {
      return (item, context) -> Change.keep();
    }
  }

  /** Cannot be made by a service loader: it has no public constructor. */
  public static final class Broken extends Found {
    Broken() {}
  }
}
