package dev.godwit.asl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code scripts/check-on-aws} with others in the places of Maven and Java, who write down calls.
 */
class CheckOnAwsScriptTest {
  private static final Path SCRIPT = Path.of("..", "scripts", "check-on-aws");

  private @TempDir Path temp;
  private Path root;
  private Path calls;

  private record Ended(int exit, String output) {}

  @BeforeEach
  void copy() throws IOException {
    root = Files.createDirectories(temp.toRealPath().resolve("godwit"));
    calls = temp.resolve("calls");
    Files.createFile(calls);
    Path scripts = Files.createDirectories(root.resolve("scripts"));
    executable(Files.copy(SCRIPT, scripts.resolve("check-on-aws")));
    for (String room : List.of("asl", "segment-worker")) {
      Path target = Files.createDirectories(root.resolve(room).resolve("target"));
      Files.writeString(target.resolve("check-on-aws.classpath"), "libraries");
    }
    Path tools = Files.createDirectories(temp.resolve("tools"));
    executable(
        Files.writeString(
            tools.resolve("mvn"), "#!/usr/bin/env bash\necho mvn >> \"$CALLS\"\nexit ${MVN:-0}\n"));
    executable(
        Files.writeString(
            tools.resolve("java"),
            """
            #!/usr/bin/env bash
            call="$*"
            call="${call##*dev.godwit.}"
            echo "$call" >> "$CALLS"
            case $call in
              *TableOnAws\\ run*) if [[ -n ${HANGS:-} ]]; then exec sleep 600 > /dev/null 2>&1; fi; exit "${TABLES:-0}" ;;
              *StatesOnAws\\ run*) exit "${STATES:-0}" ;;
              *clean*) exit "${CLEAN:-0}" ;;
            esac
            """));
  }

  private static void executable(Path file) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private ProcessBuilder script(Map<String, String> variables, String... arguments) {
    List<String> command =
        new ArrayList<>(List.of(root.resolve("scripts/check-on-aws").toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")));
    builder.environment().put("CALLS", calls.toString());
    builder
        .environment()
        .merge("PATH", temp.resolve("tools").toString(), (path, ours) -> ours + ":" + path);
    builder.environment().putAll(variables);
    return builder;
  }

  private static Ended ended(Process process) throws Exception {
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    return new Ended(process.exitValue(), output);
  }

  private Ended run(Map<String, String> variables, String... arguments) throws Exception {
    return ended(script(variables, arguments).start());
  }

  /** Without the id in the tables' names. */
  private List<String> calls() throws IOException {
    return Files.readAllLines(calls).stream()
        .map(call -> call.replaceAll("[0-9]{14}-[0-9]+", "ID").strip())
        .toList();
  }

  @Test
  void yes_allAsExpected_plansAsksAndCleansUp() throws Exception {
    assertThat(run(Map.of(), "--yes", "--role-arn", "arn:role").exit()).isZero();
    assertThat(calls())
        .containsExactly(
            "mvn",
            "asl.StatesOnAws plan",
            "worker.dynamodb.TableOnAws plan",
            "asl.StatesOnAws run arn:role",
            "worker.dynamodb.TableOnAws run ID",
            "worker.dynamodb.TableOnAws clean ID");
  }

  @Test
  void dryRun_asksNobodyAndMakesNothing() throws Exception {
    assertThat(run(Map.of(), "--dry-run", "--no-build").exit()).isZero();
    assertThat(calls())
        .containsExactly(
            "asl.StatesOnAws plan",
            "worker.dynamodb.TableOnAws plan",
            "asl.StatesOnAws requests",
            "worker.dynamodb.TableOnAws requests ID");
  }

  @Test
  void yes_somethingDiffers_saysSoAndCleansUp() throws Exception {
    assertThat(run(Map.of("STATES", "1"), "--yes").exit()).isEqualTo(1);
    assertThat(run(Map.of("TABLES", "3"), "--yes", "--only", "tables").exit()).isEqualTo(3);
    assertThat(calls()).endsWith("worker.dynamodb.TableOnAws clean ID");
  }

  @Test
  void yes_cleaningFails_saysWhatMayBeLeft() throws Exception {
    Ended ended = run(Map.of("CLEAN", "3"), "--yes");

    assertThat(ended.exit()).isEqualTo(3);
    assertThat(ended.output()).containsPattern("godwit-check-[0-9]{14}-[0-9]+ may be left");
  }

  @Test
  void killed_whileTablesAreThere_cleansUp() throws Exception {
    Process process = script(Map.of("HANGS", "yes"), "--yes", "--only", "tables").start();
    Awaitility.await()
        .atMost(5, TimeUnit.MINUTES)
        .until(() -> calls().contains("worker.dynamodb.TableOnAws run ID"));
    process.toHandle().destroy();

    assertThat(ended(process).exit()).isEqualTo(143);
    assertThat(calls()).endsWith("worker.dynamodb.TableOnAws clean ID");
  }

  @Test
  void usage_isToldApart() throws Exception {
    assertThat(run(Map.of(), "--help").output()).startsWith("Usage: scripts/check-on-aws");
    assertThat(run(Map.of(), "--what").exit()).isEqualTo(2);
    assertThat(run(Map.of(), "--only", "what").exit()).isEqualTo(2);
    assertThat(run(Map.of()).output()).contains("Nobody can be asked here");
    assertThat(calls()).isEmpty();
    assertThat(run(Map.of("MVN", "1"), "--yes").exit()).isEqualTo(70);
  }
}
