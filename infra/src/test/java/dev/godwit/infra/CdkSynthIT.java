package dev.godwit.infra;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.asl.Definitions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The pinned CDK CLI on the app as it is packaged, with the jars that are deployed. The CLI is
 * installed once, from npm; after that every network is shut off.
 */
class CdkSynthIT {
  private static final Path ROOT = Path.of(System.getProperty("godwit.root"));
  private static final ObjectMapper JSON = new ObjectMapper();

  private static @TempDir Path folder;
  private static String template;

  @BeforeAll
  static void installAndSynth() throws Exception {
    assertThat(run(List.of(), "scripts/cdk", "--version").exit()).isZero();
    template = synth("one");
  }

  @Test
  void synth_withoutANetwork_givesTheDefinitionsAsTheirFilesAre() throws Exception {
    var definitions = new ArrayList<String>();
    for (JsonNode resource : JSON.readTree(template).get("Resources")) {
      if (resource.at("/Properties/DefinitionSubstitutions").isObject()) {
        definitions.add(resource.at("/Properties/DefinitionString").asText());
      }
    }
    assertThat(definitions)
        .containsExactlyInAnyOrder(
            file("asl/definitions/migrate-table.asl.json"),
            file("asl/definitions/settle-run.asl.json"),
            file("asl/definitions/sweep-runs.asl.json"))
        .containsExactlyInAnyOrder(
            Definitions.text(Definitions.MIGRATE_TABLE),
            Definitions.text(Definitions.SETTLE_RUN),
            Definitions.text(Definitions.SWEEP_RUNS));
  }

  @Test
  void synth_again_givesTheSameByteForByte() throws Exception {
    assertThat(synth("two").equals(template)).isTrue();
  }

  @Test
  void synth_anOptionThatCannotBe_endsWithItsSentence() throws Exception {
    var config = Files.writeString(folder.resolve("bad.json"), "{\"tables\": [\"a\"]}");

    var ended = cdk("synth", "--quiet", "-c", "config=" + config, "-c", "home=" + ROOT);

    assertThat(ended.exit()).isNotZero();
    assertThat(ended.output())
        .contains("\"a\" is neither a table's name nor its ARN")
        .doesNotContain("\tat ");
  }

  @Test
  void deploy_help_neitherBuildsNorNeedsAnything() throws Exception {
    for (String script : List.of("deploy", "destroy", "cdk")) {
      var ended = run(List.of(), "scripts/" + script, "--help");

      assertThat(ended.exit()).isZero();
      assertThat(ended.output()).startsWith("Usage: scripts/" + script);
    }
  }

  @Test
  void deploy_nobodyToAsk_deploysNothing() throws Exception {
    var config = config();
    for (String script : List.of("deploy", "destroy")) {
      var ended = run(List.of(), "scripts/" + script, "--config", config.toString());

      assertThat(ended.exit()).isEqualTo(2);
      assertThat(ended.output()).contains("Nobody can be asked here");
    }
  }

  @Test
  void deploy_badUsage_isToldApart() throws Exception {
    assertThat(run(List.of(), "scripts/deploy", "--what").output())
        .isEqualTo("There is no option --what; see scripts/deploy --help.\n");
    assertThat(run(List.of(), "scripts/deploy", "--yes", "--config", "/no.json").exit())
        .isEqualTo(2);
  }

  private static String synth(String name) throws Exception {
    Path output = folder.resolve(name);
    var ended =
        cdk(
            "synth",
            "--quiet",
            "--output",
            output.toString(),
            "-c",
            "config=" + config(),
            "-c",
            "home=" + ROOT);
    assertThat(ended.exit()).as(ended.output()).isZero();
    assertThat(ended.output()).doesNotContain("WARNING");
    return Files.readString(output.resolve("Godwit.template.json"));
  }

  private static Path config() throws IOException {
    Placeholder.jar(folder, "ours.jar");
    return Files.writeString(
        folder.resolve("godwit.json"),
        """
        {"tables": ["Cities"], "migrations": ["ours.jar"],
         "runDuringDeployment": [{"table": "Cities", "migrations": ["20261120-city-coordinates"]}]}
        """);
  }

  /** A port where nobody listens stands for every proxy: whoever asks for the network fails. */
  private static Ended cdk(String... arguments) throws Exception {
    var command = new ArrayList<String>(List.of("scripts/cdk"));
    command.addAll(List.of(arguments));
    return run(
        List.of("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"),
        command.toArray(String[]::new));
  }

  private record Ended(int exit, String output) {}

  private static Ended run(List<String> proxies, String... command) throws Exception {
    var builder = new ProcessBuilder(command).directory(ROOT.toFile()).redirectErrorStream(true);
    builder.redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")));
    proxies.forEach(proxy -> builder.environment().put(proxy, "http://127.0.0.1:9"));
    builder.environment().keySet().removeIf(name -> name.startsWith("AWS_"));
    var process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
    return new Ended(process.exitValue(), output);
  }

  private static String file(String path) throws IOException {
    return Files.readString(ROOT.resolve(path));
  }
}
