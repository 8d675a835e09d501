package dev.godwit.cli.stage;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.run.stage.Stage;
import dev.godwit.run.stage.Stages;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * The option that says which stage of {@code godwit.json} is meant, and what that makes of other
 * options. Whatever was said beside it, as a flag or by a variable, must say the same or nothing.
 *
 * <p>Every method throws {@link CommandFailed} when there is no such stage, or it contradicts what
 * was said.
 */
public final class StageOption {
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  @Option(
      names = "--stage",
      paramLabel = "NAME",
      description =
          "A stage of godwit.json: where its runs are, which tables it has, and with which parameters. Default: none.")
  private @Nullable String name;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      defaultValue = "godwit.json",
      description =
          "The file that has the stages. Default: ${DEFAULT-VALUE} in the current folder.")
  private Path file = Path.of("");

  private @Nullable Stage stage;

  /** The stage that is meant; empty if none was named. */
  public Optional<Stage> stage() {
    if (stage == null && name != null) {
      stage = read(name);
    }
    return Optional.ofNullable(stage);
  }

  private Stage read(String wanted) {
    Map<String, Stage> stages;
    try {
      JsonNode root = JSON.readTree(Files.readString(file));
      if (!root.has(Stages.MEMBER)) {
        throw refused(file + " has no stages; --stage " + wanted + " needs a member \"stages\"");
      }
      stages = Stages.of(root.get(Stages.MEMBER));
    } catch (NoSuchFileException e) {
      throw refused(
          "There is no file "
              + file
              + " that has the stage "
              + wanted
              + "; give it with --config, or be where it is");
    } catch (JsonProcessingException e) {
      throw refused(
          file
              + " is not JSON, at line "
              + e.getLocation().getLineNr()
              + ": "
              + e.getOriginalMessage());
    } catch (IOException e) {
      throw refused(file + " cannot be read (" + e + ")");
    } catch (IllegalArgumentException e) {
      throw refused(file + ": " + e.getMessage());
    }
    var found = stages.get(wanted);
    if (found == null) {
      throw refused(
          "There is no stage "
              + wanted
              + " in "
              + file
              + "; there are: "
              + String.join(", ", stages.keySet()));
    }
    return found;
  }

  private static CommandFailed refused(String why) {
    return new CommandFailed(ExitCode.BAD_USAGE, why + ". Nothing was begun");
  }

  /**
   * The state machine to go to; empty for this machine, or when nothing was said.
   *
   * @param given what {@code --sfn-arn} says
   * @param local whether {@code --local} was given, which wins over {@code --sfn-arn}
   */
  public Optional<String> stateMachine(@Nullable String given, boolean local) {
    var said = local ? Optional.<String>empty() : Optional.ofNullable(given);
    if (stage().isEmpty()) {
      return said;
    }
    var ours = stage().get().stateMachine();
    if (ours.isPresent() && local) {
      throw contradicts("is on the state machine " + ours.get(), "--local is given");
    }
    said.filter(arn -> !ours.equals(Optional.of(arn)))
        .ifPresent(
            arn -> {
              throw contradicts(
                  ours.map(machine -> "is on the state machine " + machine)
                      .orElse("is on this machine"),
                  "--sfn-arn (SFN_ARN) is " + arn);
            });
    return ours;
  }

  /** Whether a stage says that runs are on this machine. */
  public boolean isHere() {
    return stage().filter(known -> known.stateMachine().isEmpty()).isPresent();
  }

  /**
   * The region of runs on this machine.
   *
   * @param given what {@code --region} says
   */
  public Optional<String> region(@Nullable String given) {
    return same("region", "--region", given, stage().flatMap(Stage::region));
  }

  /**
   * Where the DynamoDB of runs on this machine answers.
   *
   * @param given what {@code --endpoint-url} says
   */
  public Optional<URI> endpointUrl(@Nullable URI given) {
    return same(
        "endpointUrl",
        "--endpoint-url (AWS_ENDPOINT_URL_DYNAMODB)",
        given,
        stage().flatMap(Stage::endpointUrl));
  }

  private <T> Optional<T> same(String member, String option, @Nullable T given, Optional<T> ours) {
    if (given != null && ours.isPresent() && !ours.get().equals(given)) {
      throw contradicts("has the " + member + " " + ours.get(), option + " is " + given);
    }
    return ours.or(() -> Optional.ofNullable(given));
  }

  /** {@code table}, which the stage has. */
  public String table(String table) {
    if (stage().filter(known -> !known.has(table)).isPresent()) {
      throw contradicts(
          "has the tables " + String.join(", ", stage().get().tables()),
          "--table (TABLE_NAME) is " + table);
    }
    return table;
  }

  /** Refuses {@code target}, if it is not one of the stage's tables. */
  public void target(String target) {
    if (stage().filter(known -> !known.has(target)).isPresent()) {
      throw contradicts(
          "has the tables " + String.join(", ", stage().get().tables()), "the target is " + target);
    }
  }

  /** {@code given} parameters with those of the stage. */
  public Map<String, String> parameters(Map<String, String> given) {
    var all = new LinkedHashMap<>(given);
    stage()
        .ifPresent(
            known ->
                known
                    .parameters()
                    .forEach(
                        (parameter, value) -> {
                          var other = all.put(parameter, value);
                          if (other != null && !other.equals(value)) {
                            throw contradicts(
                                "has the parameter " + parameter + "=" + value,
                                "--parameter is " + parameter + "=" + other);
                          }
                        }));
    return all;
  }

  private CommandFailed contradicts(String is, String said) {
    return refused(
        "The stage " + name + " " + is + ", but " + said + "; leave out the one or the other");
  }
}
