package dev.godwit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.cli.engine.EmbeddedEngines;
import dev.godwit.cli.launch.Interrupts;
import dev.godwit.cli.run.StopSignal;
import dev.godwit.dynamodblocal.LocalDynamoDb;
import dev.godwit.run.text.TerminalText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Whatever is stored or asked for, no command lets it steer the terminal, or spoil its JSON. */
class HostileTextTest {
  private static final Interrupts NEVER =
      new Interrupts() {
        @Override
        public <T> T during(StopSignal stop, Supplier<T> work) {
          return work.get();
        }
      };

  /** Control characters, C0 and C1, and what turns the direction of writing. */
  private static final String STEERING =
      "\u0001\u0007\b\u000b\u001b\u007f\u0085\u009b\u009d\u061c\u200e\u200f\u2028\u2029"
          + "\u202a\u202e\u2066\u2069\u206f";

  private static final List<List<String>> COMMANDS =
      List.of(
          List.of("run", "--local", "--table=%s", "--migration=%s", "--region=us-east-1"),
          List.of("run", "--local", "--table=T", "--migration=m", "--run-id=%s"),
          List.of("run", "--local", "--table=T", "--migration=m", "--endpoint-url=%s"),
          List.of("run", "--table=T", "--migration=m", "--sfn-arn=%s"),
          List.of("run", "--local", "--table=T", "--migration=m", "--guard=%s"),
          List.of("watch", "%s"),
          List.of("status", "%s"),
          List.of("stop", "%s"),
          List.of("redrive", "%s"),
          List.of("report", "%s"),
          List.of("runs", "--table=%s"),
          List.of("runs", "--%s"),
          List.of("history", "--table=%s", "--endpoint-url=%s"),
          List.of("release", "--table=%s", "--run=%s", "--endpoint-url=%s"),
          List.of("demo", "--items-from=%s"),
          List.of("demo", "--migration=%s"),
          List.of("test-transform", "--table=T", "--migration=%s"),
          List.of("test-transform", "--table=T", "--migration=m", "--parameter=%s"),
          List.of("migrations", "--migrations-jar=%s"),
          List.of("%s"));

  @TempDir Path folder;

  @Test
  void everyCommand_askedForWhatWouldSteer_saysSoInPlainText() {
    for (int seed = 1; seed <= 4; seed++) {
      var random = new Random(seed);
      for (List<String> command : COMMANDS) {
        var hostile = hostile(random);
        var arguments = command.stream().map(part -> part.replace("%s", hostile)).toList();
        var said = godwit(arguments);
        assertThat(said.out + said.err).as("seed %s: %s", seed, command).isNotEmpty();
        assertPlain(said, "seed " + seed + ": " + command);
      }
    }
  }

  @Test
  void everyCommand_overATableWhoseItemsWouldSteer_tellsOfThemInPlainText() throws IOException {
    try (var local = LocalDynamoDb.inMemory();
        var client = local.client()) {
      for (int seed = 1; seed <= 3; seed++) {
        var random = new Random(seed);
        local.createTable("Cities" + seed, "id");
        for (int i = 0; i < 8; i++) {
          // Half of them fail, and the exception quotes what is stored.
          var latitude = i % 2 == 0 ? hostile(random) : "48.1";
          var item =
              Map.of(
                  "id",
                  AttributeValue.fromS(hostile(random) + i),
                  hostile(random),
                  AttributeValue.fromS(hostile(random)),
                  "lat",
                  AttributeValue.fromS(latitude),
                  "lng",
                  AttributeValue.fromS("11.5"));
          var table = "Cities" + seed;
          client.putItem(put -> put.tableName(table).item(item));
        }
        var place =
            List.of(
                "--table=Cities" + seed,
                "--migration=20261120-city-coordinates",
                "--region=us-east-1",
                "--endpoint-url=" + local.endpoint());
        var run = with(with(List.of("run", "--local", "--segments=1"), place), List.of());
        for (List<String> command :
            List.of(
                with(run, List.of("--run-id=dry" + seed, "--dry-run")),
                with(run, List.of("--run-id=dry-j" + seed, "--dry-run", "--output=json")),
                with(run, List.of("--run-id=verify" + seed, "--verify")),
                with(run, List.of("--run-id=bad" + seed)),
                with(run, List.of("--run-id=bad-j" + seed, "--output=json")),
                with(run, List.of("--run-id=some" + seed, "--item-failures-allowed=9")),
                List.of("report", "bad" + seed),
                List.of("report", "bad" + seed, "--output=json"),
                List.of("status", "bad" + seed),
                List.of("watch", "bad" + seed),
                List.of("redrive", "bad" + seed),
                List.of("runs"),
                List.of("runs", "--output=json"),
                with(List.of("test-transform"), place))) {
          var said = godwit(command);
          assertPlain(said, "seed " + seed + ": " + command);
          if (command.contains("--output=json")) {
            for (String line : said.out.lines().toList()) {
              assertThat(new ObjectMapper().readTree(line).isObject()).as(line).isTrue();
            }
          }
        }
        assertThat(godwit(List.of("report", "bad" + seed)).out)
            .contains("4 of java.lang.NumberFormatException");
      }
    }
  }

  @Test
  void demo_ofAFileWhoseItemsWouldSteer_tellsOfThemInPlainText() throws IOException {
    var random = new Random(7);
    var file = folder.resolve("items.jsonl");
    var json = new ObjectMapper();
    var item = json.createObjectNode().put("id", hostile(random)).put(hostile(random), "x");
    Files.writeString(file, json.writeValueAsString(item));

    var said = godwit(List.of("demo", "--items-from=" + file, "--key=id"));

    assertThat(said.exit).as(said.err).isZero();
    assertThat(said.out).contains("One item before:");
    assertPlain(said, "demo");
    Files.writeString(file, "{\"" + hostile(random) + "\":");
    assertPlain(godwit(List.of("demo", "--items-from=" + file, "--key=id")), "bad line");
  }

  /** Or its own colours would be shown as escapes, on a terminal alone. */
  @Test
  void help_onATerminal_hasNoColours() {
    System.setProperty("picocli.ansi", "true"); // as picocli finds out by itself on a terminal
    try {
      for (String command : List.of("run", "history", "demo")) {
        assertThat(godwit(List.of(command, "--help")).out)
            .contains("Usage: godwit " + command)
            .doesNotContain("u001b");
      }
    } finally {
      System.clearProperty("picocli.ansi");
    }
  }

  private static List<String> with(List<String> command, List<String> more) {
    var both = new ArrayList<>(command);
    both.addAll(more);
    return both;
  }

  private static String hostile(Random random) {
    var text = new StringBuilder("x");
    for (int i = 0; i < 6; i++) {
      text.append(STEERING.charAt(random.nextInt(STEERING.length())));
      text.append("[2J");
    }
    return text.toString();
  }

  private static void assertPlain(Said said, String what) {
    for (String text : List.of(said.out, said.err)) {
      assertThat(text.chars().filter(c -> TerminalText.steers((char) c) && c != '\n' && c != '\t'))
          .as("%s: %s", what, text)
          .isEmpty();
    }
  }

  private record Said(int exit, String out, String err) {}

  private Said godwit(List<String> arguments) {
    var screen = TestScreen.plain();
    var all = new ArrayList<>(arguments);
    if (!List.of("test-transform", "migrations").contains(arguments.get(0))) {
      all.add("--results=" + folder.resolve(".godwit"));
    }
    int exit =
        new Godwit(screen.screen(), Map.of(), new EmbeddedEngines(), new NoAws(), NEVER)
            .execute(all.toArray(String[]::new));
    return new Said(exit, screen.out(), screen.err());
  }
}
