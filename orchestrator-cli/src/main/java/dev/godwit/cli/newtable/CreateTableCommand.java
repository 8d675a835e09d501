package dev.godwit.cli.newtable;

import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.cli.console.Screen;
import dev.godwit.cli.launch.ConnectionOptions;
import dev.godwit.cli.table.DynamoDbConnection;
import dev.godwit.cli.table.ServiceAnswer;
import dev.godwit.cli.table.Tables;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.ResourceInUseException;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;

/** Makes a table like another. */
@Command(
    name = "create-table",
    description = {
      "Makes an empty table like another, perhaps with another key: a target for a run.",
      "",
      "It has the other's billing mode and units, its key for encryption, its table class, and its indexes as far as they make sense. What it has not is said: stream, time to live, tags, point-in-time recovery, deletion protection, replicas. The other table is only looked at.",
      ""
    },
    footer = {
      "",
      "Example:",
      "  godwit create-table --like Cities --name Cities-by-geohash --key geohash:S,id:S"
    })
public final class CreateTableCommand implements Callable<Integer> {
  /** As {@link dev.godwit.run.RunRequest} has it for tables that are migrated. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{3,255}");

  private final Screen screen;

  @Option(
      names = "--like",
      paramLabel = "NAME",
      required = true,
      description = "The table that it is to be like.")
  private String like = "";

  @Option(
      names = "--name",
      paramLabel = "NAME",
      required = true,
      description = "The new table's name.")
  private String name = "";

  @Option(
      names = "--key",
      paramLabel = "KEY",
      description =
          "Its partition key and perhaps its sort key with their types S, N or B, as in geohash:S,id:N. Default: the other's key.")
  private @Nullable String key;

  @Option(names = "--dry-run", description = "Say what the table would be like, and make none.")
  private boolean dryRun;

  @Mixin private ConnectionOptions place = new ConnectionOptions();

  public CreateTableCommand(Screen screen) {
    this.screen = screen;
  }

  @Override
  public Integer call() {
    if (!NAME.matcher(name).matches()) {
      throw refused(
          "--name must be a DynamoDB table's name: 3 to 255 letters, digits, _ . and -, not \""
              + name
              + "\"");
    }
    var wanted = key();
    var connection = place.connection();
    var old = Tables.describe(connection, like);
    var planned = LikeTable.of(old, name, wanted);
    try (var client = connection.client()) {
      var left = new ArrayList<>(planned.left());
      left.addAll(new Surroundings(client, old).notTakenOver());
      tell(planned, left);
      if (!dryRun) {
        create(client, planned, connection);
      }
    }
    return ExitCode.DONE.code();
  }

  private Optional<KeyOption> key() {
    try {
      return Optional.ofNullable(key).map(KeyOption::of);
    } catch (IllegalArgumentException e) {
      throw refused(String.valueOf(e.getMessage()));
    }
  }

  private void tell(LikeTable planned, List<String> left) {
    var keys =
        String.join(
            ", ",
            planned.request().keySchema().stream()
                .map(element -> element.attributeName() + " " + element.keyType())
                .toList());
    screen
        .out()
        .println(
            (dryRun ? "Would make " : "Making ")
                + name
                + " like "
                + like
                + ", with the key "
                + keys
                + ".");
    planned.taken().forEach(what -> screen.out().println("  has      " + what));
    left.forEach(what -> screen.out().println("  has not  " + what));
  }

  private void create(DynamoDbClient client, LikeTable planned, DynamoDbConnection connection) {
    try {
      client.createTable(planned.request());
    } catch (ResourceInUseException e) {
      throw refused("There is a table " + name + " at " + connection.place() + " already");
    } catch (DynamoDbException e) {
      throw new CommandFailed(
          e.statusCode() == 400 && !e.awsErrorDetails().errorCode().startsWith("AccessDenied")
              ? ExitCode.BAD_USAGE
              : ExitCode.UNREACHABLE,
          "DynamoDB made no table "
              + name
              + " ("
              + ServiceAnswer.of(e)
              + "); it needs dynamodb:CreateTable and DescribeTable on it",
          e);
    } catch (SdkException e) {
      throw new CommandFailed(
          ExitCode.UNREACHABLE,
          "Whether there is a table "
              + name
              + " now is not known ("
              + ServiceAnswer.of(e)
              + "); look at it",
          e);
    }
    var made = ready(client);
    screen
        .out()
        .println(
            "Made " + made.tableName() + "; fill it with 'godwit run … --target " + name + "'.");
  }

  private TableDescription ready(DynamoDbClient client) {
    try {
      return client
          .waiter()
          .waitUntilTableExists(describe -> describe.tableName(name))
          .matched()
          .response()
          .orElseThrow()
          .table();
    } catch (SdkException e) {
      throw new CommandFailed(
          ExitCode.UNREACHABLE,
          "The table "
              + name
              + " was asked for and is not ready yet ("
              + ServiceAnswer.of(e)
              + "); wait for it before a run",
          e);
    }
  }

  private static CommandFailed refused(String why) {
    return new CommandFailed(ExitCode.BAD_USAGE, why + ". Nothing was made");
  }
}
