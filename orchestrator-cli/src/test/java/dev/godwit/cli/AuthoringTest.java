package dev.godwit.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.godwit.cli.engine.EmbeddedEngines;
import dev.godwit.cli.launch.ProcessInterrupts;
import dev.godwit.compiler.MigrationsFolder;
import dev.godwit.dynamodblocal.LocalDynamoDb;
import dev.godwit.migration.Migration;
import dev.godwit.migration.Migrations;
import dev.godwit.run.code.CodeDigest;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** A migration from its first line to a run, without a build file. */
class AuthoringTest {
  private static final String ID = "20261126-add-full-name";

  @TempDir Path home;
  private TestScreen screen = TestScreen.plain();
  private Instant now = Instant.parse("2026-11-26T10:00:00Z");

  @Test
  void create_thenTest_thenRun_needsNothingElse() throws IOException {
    assertThat(godwit("create", "add-full-name", "--table=Users", "--folder=" + folder())).isZero();
    assertThat(screen.out())
        .contains(folder().resolve(ID).resolve("AddFullName.java").toString())
        .contains(folder().resolve(ID).resolve("AddFullNameTest.java").toString())
        .contains("godwit test " + ID + " --migrations " + folder());

    assertThat(godwit("test", ID, "--migrations=" + folder())).as(screen.err()).isZero();
    assertThat(screen.out()).isEqualToIgnoringNewLines(ID + "  1 test passed");

    assertThat(godwit("migrations", "--migrations=" + folder())).as(screen.err()).isZero();
    var digest = CodeDigest.of(MigrationsFolder.at(folder()).jars().get(0));
    assertThat(screen.out())
        .isEqualToIgnoringNewLines(
            ID + "  Users  up        " + CodeDigest.shown(digest) + "  Adds fullName");

    assertThat(
            godwit(
                "demo",
                "--migrations=" + folder(),
                "--migration=" + ID,
                "--items=60",
                "--segments=3",
                "--results=" + home.resolve("results")))
        .as(screen.err())
        .isZero();
    assertThat(screen.out())
        .containsPattern("table +Users")
        .containsPattern("updated +60")
        .contains("\"fullName\":{\"S\":\"new\"}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"x", "add-x", "add-1-more", "set-class", "split-name-2", "drop-legacy-ids"})
  void create_anyName_compilesAndItsTestPasses(String name) {
    assertThat(godwit("create", name, "--table=Users-*", "--folder=" + folder()))
        .as(screen.err())
        .isZero();
    assertThat(godwit("test", "--migrations=" + folder())).as(screen.err()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "AddFullName | Users | is not such a name",
        "add--name | Users | is not such a name",
        "add_name | Users | is not such a name",
        "../name | Users | is not such a name",
        "2-names | Users | would be the class 2Names, which Java does not allow",
        "class | Users | would be the class Class, a name that Java or Godwit has taken",
        "new | Users | would be the class New, a name that Java or Godwit has taken",
        "string | Users | would be the class String, a name",
        "migration | Users | would be the class Migration, a name",
        "add-test | Users | would be the class AddTest, which is how tests are called",
        "add-name | arn:aws:dynamodb:eu-west-1:1:table/Users | is neither a table's name nor a pattern",
        "add-name | Us\"ers | is neither a table's name nor a pattern",
      })
  void create_whatCannotBe_isOneSentenceAndWritesNothing(
      String name, String table, String sentence) {
    assertThat(godwit("create", name, "--table=" + table, "--folder=" + folder())).isEqualTo(2);
    assertThat(screen.err()).contains(sentence).contains("Nothing was written");
    assertThat(screen.err().lines()).hasSize(1);
    assertThat(folder()).doesNotExist();
  }

  @Test
  void create_whatIsThere_isLeftAsItIs() throws IOException {
    create();
    var java = folder().resolve(ID).resolve("AddFullName.java");
    Files.writeString(java, "mine");

    assertThat(godwit("create", "add-full-name", "--table=Users", "--folder=" + folder()))
        .isEqualTo(2);
    assertThat(screen.err()).contains(ID + " is there already").contains("Nothing was written");
    assertThat(java).hasContent("mine");

    now = Instant.parse("2026-11-27T10:00:00Z");
    assertThat(godwit("create", "add-full-name", "--table=Users", "--folder=" + folder()))
        .isEqualTo(2);
    assertThat(screen.err()).contains("There is a class AddFullName already, " + java);
    assertThat(folder())
        .isDirectoryNotContaining("glob:**20261127*")
        .isDirectoryNotContaining("glob:**.unfinished*");
  }

  @ParameterizedTest
  @CsvSource({
    "--maven, pom.xml, target/add-full-name.jar, mvn package",
    "--gradle, build.gradle, build/libs/add-full-name.jar, gradle build"
  })
  void create_aProject_hasAllThatBuildsItAndSaysHow(
      String tool, String buildFile, String jar, String build) throws IOException {
    var place = home.resolve("ours");
    assertThat(godwit("create", "add-full-name", "--table=Users", "--folder=" + place, tool))
        .as(screen.err())
        .isZero();

    assertThat(screen.out())
        .contains(place.resolve(buildFile).toString())
        .contains("cd " + place)
        .contains(build)
        .contains("--migration " + ID + " --migrations-jar " + jar + " --dry-run");
    assertThat(place.resolve(buildFile))
        .content()
        .contains("add-full-name")
        .doesNotContain("${name}", "${godwit}", "${junit}")
        .containsPattern("migration-api(</artifactId>|:[0-9])")
        .contains("migration-testkit");
    assertThat(place.resolve("README.md")).content().contains(build, ID).doesNotContain("${");
    assertThat(place.resolve("src/main/resources/META-INF/services/" + Migration.class.getName()))
        .hasContent("migrations.AddFullName");
    try (var all = Files.walk(home)) {
      assertThat(all.filter(Files::isRegularFile))
          .hasSize(tool.equals("--maven") ? 6 : 7)
          .allMatch(file -> file.startsWith(place));
    }
  }

  /** What Maven does with it, without Maven; with it: scripts/check-release. */
  @Test
  void create_aProject_compilesAndItsTestPasses() throws Exception {
    var place = home.resolve("add-full-name");
    assertThat(godwit("create", "add-full-name", "--table=Users", "--folder=" + place, "--maven"))
        .as(screen.err())
        .isZero();

    var classes = Files.createDirectory(home.resolve("classes"));
    var compiled =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-d",
                classes.toString(),
                "-cp",
                System.getProperty("java.class.path"),
                place.resolve("src/main/java/migrations/AddFullName.java").toString(),
                place.resolve("src/test/java/migrations/AddFullNameTest.java").toString());
    assertThat(compiled).isZero();
    var urls =
        new URL[] {classes.toUri().toURL(), place.resolve("src/main/resources").toUri().toURL()};
    try (var loader = new URLClassLoader(urls, getClass().getClassLoader())) {
      assertThat(Migrations.discover(loader).byId(ID).table()).isEqualTo("Users");
      var summary = new SummaryGeneratingListener();
      LauncherFactory.create()
          .execute(
              LauncherDiscoveryRequestBuilder.request()
                  .selectors(selectClass(loader.loadClass("migrations.AddFullNameTest")))
                  .build(),
              summary);
      assertThat(summary.getSummary().getTestsSucceededCount()).isEqualTo(1);
    }
  }

  /** So that they are there where Godwit was built, and grow with it. */
  @Test
  void create_aMavenProject_hasTheVersionsOfPluginsThatGodwitIsBuiltWith() throws IOException {
    assertThat(
            godwit("create", "add-x", "--table=Users", "--folder=" + home.resolve("p"), "--maven"))
        .isZero();

    var versions = pluginVersions(home.resolve("p/pom.xml"));
    assertThat(versions).hasSize(4);
    assertThat(pluginVersions(Path.of("..", "pom.xml"))).containsAllEntriesOf(versions);
  }

  private static Map<String, String> pluginVersions(Path pom) throws IOException {
    return Pattern.compile(
            "<artifactId>(maven-[a-z]+-plugin)</artifactId>\\s+<version>([0-9.]+)</version>")
        .matcher(Files.readString(pom))
        .results()
        .collect(Collectors.toMap(found -> found.group(1), found -> found.group(2)));
  }

  @Test
  void create_aProjectWhereSomethingIs_leavesItAsItIs() throws IOException {
    var place = Files.createDirectory(home.resolve("ours"));
    var mine = Files.writeString(place.resolve("mine"), "mine");

    assertThat(godwit("create", "add-x", "--table=Users", "--folder=" + place, "--maven"))
        .isEqualTo(2);

    assertThat(screen.err()).contains(place + " is there already").contains("Nothing was written");
    assertThat(place).isDirectoryContaining("glob:**mine");
    Files.delete(mine);
    assertThat(godwit("create", "add-x", "--table=Users", "--folder=" + place, "--maven"))
        .as(screen.err())
        .isZero();
    assertThat(place.resolve("pom.xml")).exists();
  }

  @Test
  void create_forMavenAndGradleAtOnce_isRefused() {
    var place = "--folder=" + home.resolve("p");
    assertThat(godwit("create", "add-x", "--table=Users", place, "--maven", "--gradle"))
        .isEqualTo(2);
    assertThat(screen.err()).contains("--maven").contains("mutually exclusive");
  }

  @Test
  void create_whereNothingCanBeWritten_isOneSentence() throws IOException {
    var file = Files.writeString(home.resolve("file"), "");

    assertThat(godwit("create", "add-full-name", "--table=Users", "--folder=" + file)).isEqualTo(2);
    assertThat(screen.err()).contains("The migration cannot be written in " + file);
    assertThat(screen.err().lines()).hasSize(1);
  }

  @Test
  void test_thatFails_endsWith1AndSaysWhereAndWhy() throws IOException {
    create();
    edit("AddFullNameTest.java", "with(\"fullName\", \"new\")", "with(\"fullName\", \"other\")");

    assertThat(godwit("test", "--migrations=" + folder())).isEqualTo(1);
    assertThat(screen.out())
        .contains(ID + "  0 tests passed, 1 failed")
        .contains("FAILED  AddFullNameTest.up_anItemWithoutIt_getsFullName")
        .contains("fullName")
        .contains("    at AddFullNameTest.up_anItemWithoutIt_getsFullName(AddFullNameTest.java:")
        .doesNotContain("org.junit");
  }

  @Test
  void test_overATable_runsTheRealWorkerOnDataBesideIt() throws IOException {
    create();
    var test = Files.createDirectory(folder().resolve(ID).resolve("test"));
    var users = test.resolve("users.jsonl");
    Files.writeString(users, "{\"id\":{\"S\":\"1\"}}\n{\"id\":{\"S\":\"2\"}}\n");
    Files.writeString(
        test.resolve("OverATableTest.java"),
        """
        import dev.godwit.junit.GodwitTable;
        import dev.godwit.junit.TestTable;
        import org.junit.jupiter.api.Test;

        class OverATableTest {
          @Test
          @GodwitTable(name = "Users", keys = "id", items = "users.jsonl")
          void up_overATable_changesAll(TestTable users) {
            users.migrate(new AddFullName()).assertSucceeded().assertUpdated(2).assertRepeatable();
          }
        }
        """);

    assertThat(godwit("test", "--migrations=" + folder())).as(screen.out()).isZero();
    assertThat(screen.out()).contains(ID + "  2 tests passed");

    // Other data is another test.
    Files.writeString(users, "{\"id\":{\"S\":\"1\"}}\n");
    assertThat(godwit("test", "--migrations=" + folder())).isEqualTo(1);
    assertThat(screen.out())
        .contains("The run updated 1 items, not 2, of 1")
        .contains("at OverATableTest.up_overATable_changesAll")
        .doesNotContain("dev.godwit.junit");
  }

  @Test
  void test_thatIsDisabled_isCounted() throws IOException {
    create();
    edit("AddFullNameTest.java", "@Test", "@Test @org.junit.jupiter.api.Disabled");

    assertThat(godwit("test", "--migrations=" + folder())).isZero();
    assertThat(screen.out()).contains(ID + "  0 tests passed, 1 skipped");
  }

  @Test
  void test_whereThereIsNone_endsWith2() throws IOException {
    create();
    Files.delete(folder().resolve(ID).resolve("AddFullNameTest.java"));

    assertThat(godwit("test", "--migrations=" + folder())).isEqualTo(2);
    assertThat(screen.err()).contains("There is no test in " + folder());
    assertThat(godwit("test", ID, "--migrations=" + folder())).isEqualTo(2);
    assertThat(screen.err()).contains("There is no test in " + folder().resolve(ID));
    assertThat(godwit("test", "20261126-other", "--migrations=" + folder())).isEqualTo(2);
    assertThat(screen.err())
        .contains("There is no migration 20261126-other in")
        .contains("there are: " + ID);
    assertThat(godwit("test", "--migrations=" + home.resolve("gone"))).isEqualTo(2);
    assertThat(screen.err()).contains("There is no folder");
  }

  @Test
  void anyCommand_javaThatDoesNotCompile_showsTheCompilersLinesAndEndsWith2() throws IOException {
    create();
    edit("AddFullName.java", "\"new\"", "item.text(\"first\")");

    for (String command : new String[] {"test", "migrations"}) {
      assertThat(godwit(command, "--migrations=" + folder())).isEqualTo(2);
      assertThat(screen.err())
          .contains("AddFullName.java:")
          .contains("error: cannot find symbol")
          .contains("item.text(\"first\")")
          .doesNotContain("\tat ");
      assertThat(screen.err().lines().toList().get((int) screen.err().lines().count() - 1))
          .startsWith("The Java in " + folder().resolve(ID) + " does not compile");
    }
  }

  @Test
  void redrive_thoughTheSourceHasChanged_goesOnWithTheCodeThatTheRunBeganWith() throws IOException {
    create();
    edit("AddFullName.java", "\"new\"", "item.string(\"first\")");
    try (var dynamoDb = LocalDynamoDb.inMemory();
        var client = dynamoDb.client()) {
      dynamoDb.createTable("Users", "id");
      client.putItem(
          put -> put.tableName("Users").item(Map.of("id", AttributeValue.fromS("without first"))));
      var place =
          List.of(
              "--endpoint-url=" + dynamoDb.endpoint(),
              "--region=us-east-1",
              "--results=" + home.resolve("results"));
      assertThat(
              godwit(
                  place,
                  "run",
                  "--local",
                  "--table=Users",
                  "--migration=" + ID,
                  "--migrations=" + folder(),
                  "--run-id=mine",
                  "--segments=1"))
          .as(screen.err())
          .isEqualTo(1);
      edit("AddFullName.java", "item.string(\"first\")", "\"mended\"");

      assertThat(godwit(place, "redrive", "mine")).as("it has the old code").isEqualTo(1);
      assertThat(godwit(place, "redrive", "mine", "--migrations=" + folder())).isNotZero();
      assertThat(screen.err()).contains("--accept-new-code");
      assertThat(godwit(place, "redrive", "mine", "--migrations=" + folder(), "--accept-new-code"))
          .as(screen.err())
          .isZero();
      assertThat(client.scan(scan -> scan.tableName("Users")).items())
          .extracting(item -> item.get("fullName"))
          .containsExactly(AttributeValue.fromS("mended"));
    }
  }

  private int godwit(List<String> place, String... arguments) {
    return godwit(Stream.concat(Stream.of(arguments), place.stream()).toArray(String[]::new));
  }

  @Test
  void demo_withoutAMigrationOfTheFolder_takesTheExample() throws IOException {
    assertThat(godwit("demo", "--items=10", "--segments=1", "--results=" + home.resolve("results")))
        .isZero();
    assertThat(screen.out()).contains("20261120-updated-at");
  }

  @Test
  void version_ofTheCommand_isThatOfTheBuild() throws IOException {
    var built =
        Pattern.compile("(?m)^  <version>(.*)</version>$")
            .matcher(Files.readString(Path.of("..", "pom.xml")));
    assertThat(built.find()).isTrue();

    assertThat(godwit("--version")).isZero();
    assertThat(screen.out()).isEqualToIgnoringNewLines("godwit " + built.group(1));
    assertThat(godwit("demo", "--version")).isZero();
    assertThat(screen.out()).isEqualToIgnoringNewLines("godwit " + built.group(1));
  }

  @Test
  void completion_ofTheShell_knowsTheCommandsAndTheirOptions() throws Exception {
    assertThat(godwit("generate-completion")).isZero();
    var script = Files.writeString(home.resolve("completion"), screen.out());
    var bash =
        new ProcessBuilder(
                "bash",
                "-c",
                "source "
                    + script
                    + "; COMP_WORDS=(godwit cre); COMP_CWORD=1; _complete_godwit; echo \"${COMPREPLY[@]}\""
                    + "; COMP_WORDS=(godwit create --ta); COMP_CWORD=2; _complete_godwit; echo \"${COMPREPLY[@]}\"")
            .redirectError(ProcessBuilder.Redirect.DISCARD) // compopt, outside of a completion
            .start();
    assertThat(
            new String(
                    bash.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8)
                .lines()
                .map(String::strip))
        .containsExactly("create create-table", "--table");
  }

  private void create() {
    assertThat(godwit("create", "add-full-name", "--table=Users", "--folder=" + folder())).isZero();
  }

  private void edit(String file, String from, String to) throws IOException {
    var path = folder().resolve(ID).resolve(file);
    var text = Files.readString(path);
    assertThat(text).contains(from);
    Files.writeString(path, text.replace(from, to));
  }

  private Path folder() {
    return home.resolve("migrations");
  }

  private int godwit(String... arguments) {
    screen = TestScreen.plain();
    return new Godwit(
            screen.screen(),
            Map.of(),
            new EmbeddedEngines(),
            new NoAws(),
            new ProcessInterrupts(System.err, () -> {}),
            Clock.fixed(now, ZoneOffset.UTC))
        .execute(arguments);
  }
}
