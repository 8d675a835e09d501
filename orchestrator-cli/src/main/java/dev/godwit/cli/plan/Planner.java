package dev.godwit.cli.plan;

import dev.godwit.cli.facts.DeploymentFacts;
import dev.godwit.cli.facts.RoleReader;
import dev.godwit.cli.facts.TableFactsReader;
import dev.godwit.cli.lifecycle.TableHolder;
import dev.godwit.cli.price.PriceSource;
import dev.godwit.cli.sample.Sampler;
import dev.godwit.cli.table.DynamoDbConnection;
import dev.godwit.cli.table.TableChecks;
import dev.godwit.migration.ItemTransform;
import dev.godwit.migration.Migration;
import dev.godwit.migration.ScanFilter;
import dev.godwit.migration.TransformContext;
import dev.godwit.run.Direction;
import dev.godwit.run.RunRequest;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Makes a plan of a run. Reads only. */
public final class Planner {
  private final DynamoDbConnection connection;
  private final PriceSource prices;
  private final Carrier carrier;

  /**
   * @param connection to the table
   */
  public Planner(DynamoDbConnection connection, PriceSource prices, Carrier carrier) {
    this.connection = connection;
    this.prices = prices;
    this.carrier = carrier;
  }

  /**
   * What is wanted.
   *
   * @param request as asked for; what is not {@code given} may be advised otherwise
   * @param given options that the user has said, by their longest names
   * @param migration of the request
   * @param transform of it that the request asks for
   * @param extent of the sample
   * @param beginning of the command that begins the run, up to its table and migration
   * @param results where runs of this machine are kept; empty for a run on AWS
   * @param ledgerTable the ledger, which cannot be migrated
   */
  public record Wish(
      RunRequest request,
      Set<String> given,
      Migration migration,
      ItemTransform transform,
      Sampler.Extent extent,
      List<String> beginning,
      Optional<Path> results,
      String ledgerTable) {
    public Wish {
      given = Set.copyOf(given);
      beginning = List.copyOf(beginning);
    }
  }

  /** Checks of who may do what. */
  @FunctionalInterface
  public interface Roles {
    /** Those for {@code request} over the table with this ARN. */
    List<Check> checks(String tableArn, RunRequest request);

    /**
     * Those that IAM tells.
     *
     * @param caller who gives the command, by ARN
     */
    static Roles told(RoleReader reader, Optional<DeploymentFacts> deployment, String caller) {
      return (tableArn, request) ->
          new RoleChecks(reader, tableArn, request).all(deployment, caller);
    }
  }

  /**
   * The plan.
   *
   * @param holder asks who has the table
   * @param roles makes checks of who may do what
   * @throws dev.godwit.cli.console.CommandFailed when the table cannot be read
   */
  public Plan plan(Wish wish, Supplier<Optional<TableHolder>> holder, Roles roles) {
    var now = Instant.now();
    var asked = wish.request();
    try (var reader = TableFactsReader.over(connection)) {
      var table = reader.read(asked.tableName());
      TableChecks.check(asked, table.keys(), wish.ledgerTable());
      var filter =
          asked.direction() == Direction.UP
              ? wish.migration()
                  .filter(new TransformContext(asked.runId(), now, asked.parameters()))
              : Optional.<ScanFilter>empty();
      var sample =
          new Sampler(connection, table).look(asked, wish.transform(), filter, now, wish.extent());
      var advised = new Advisor(table, sample, carrier, wish.given()).of(asked);
      var request = advised.request();
      var needs = Needs.of(table, sample, request);
      var here = prices.of(table.region());
      var bills = new Bills(table, sample, needs, request, carrier, here, prices).all();
      var pace = bills.get(0).pace();
      var checks =
          new Checker(table, sample, needs, request, here, pace, now)
              .checks(holder, wish.results(), roles.checks(table.arn(), request));
      return new Plan(
          now,
          request,
          carrier,
          table,
          sample,
          wish.extent().seed(),
          needs,
          here,
          bills,
          Wakes.of(table, sample),
          advised.suggestions(),
          checks,
          command(wish, advised.suggestions()));
    }
  }

  private static String command(Wish wish, List<Suggestion> advice) {
    var words = new ArrayList<>(wish.beginning());
    for (Suggestion suggestion : advice) {
      if (!suggestion.value().isEmpty()) {
        words.add(suggestion.option() + " " + suggestion.value());
      } else if (suggestion.option().equals("--prewarm")
          || suggestion.option().equals("--keep-before-images")) {
        words.add(suggestion.option());
      }
    }
    return String.join(" ", words);
  }
}
