package dev.godwit.infra.deployment;

import dev.godwit.run.ledger.ExportRecord;
import dev.godwit.run.ledger.ExportRecord.Status;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Sees to it that a table has been exported for a migration before it is replaced: finds the export
 * that is there, whoever has made it, or begins one, and waits for it.
 *
 * <p>Every method may be called again with the same event, or late, or by two functions at a time:
 * an export is in the ledger before it is asked for, and asked for with the token that is there. In
 * a rollback, and when the resource goes, it does nothing: an export harms nobody, and is a backup.
 */
final class ExportBeforeReplacing {
  /**
   * CloudFormation gives up after an hour; said before, it is said what that means. The rest is for
   * a call that is under way.
   */
  static final Duration WAITS_FOR =
      DeploymentMigrations.LONGEST_DEPLOYMENT.minus(Duration.ofMinutes(5));

  /** All that it asks and acts upon. */
  record Ports(
      TableExports exports,
      ExportNotes notes,
      RunLedger ledger,
      UnaryOperator<String> stackStatus,
      Clock clock,
      Consumer<String> log) {}

  private final Ports ports;

  ExportBeforeReplacing(Ports ports) {
    this.ports = ports;
  }

  /**
   * Does what can be done now, and tells whether the export is there.
   *
   * @throws DeploymentFailed when there is none, and none will be: nothing has been replaced
   */
  boolean isComplete(ExportEvent event) {
    try {
      return event.isDelete()
          || ports.stackStatus().apply(event.stackId()).contains("ROLLBACK")
          || isThere(event);
    } catch (NotYet e) {
      ports.log().accept("Not yet: " + e.getMessage());
      return false;
    } catch (AwsRefused e) {
      if (!isPast(event.at(), DeploymentMigrations.PERMISSIONS_ARRIVE)) {
        ports.log().accept("Refused, perhaps not for long: " + e.getMessage());
        return false;
      }
      throw failed(event, "AWS refuses what its export needs: " + e.getMessage());
    }
  }

  private boolean isThere(ExportEvent event) {
    var request = event.request();
    if (ports.ledger().history(request.tableName(), request.migration()).appliedByDeployment()) {
      return true; // its items were taken over long ago; by another run, that is not known
    }
    var latest = ports.notes().latest(request.tableName(), request.migration());
    latest
        .filter(there -> there.status() == Status.FAILED && there.by().equals(event.by()))
        .ifPresent(
            there -> {
              throw failed(event, there.failure());
            });
    return switch (ExportRecord.next(latest, ports.clock().instant())) {
      case USE -> {
        ports.log().accept("Found: " + latest.orElseThrow().arn().orElse("an export"));
        yield true;
      }
      case FOLLOW -> follow(event, latest.orElseThrow());
      case ASK_AGAIN -> ask(event, latest.orElseThrow());
      case ASK_ANEW -> begin(event, latest);
    };
  }

  private boolean follow(ExportEvent event, ExportRecord export) {
    var now = ports.exports().describe(export);
    if (now.status() != export.status()) {
      ports.notes().write(Optional.of(export), now);
    }
    if (now.status() == Status.COMPLETED && !now.isGoodAt(ports.clock().instant())) {
      return begin(event, Optional.of(now)); // it ended long ago, and nobody has looked
    }
    return stands(event, now);
  }

  private boolean stands(ExportEvent event, ExportRecord export) {
    if (export.status() == Status.FAILED) {
      throw failed(event, export.failure());
    }
    if (export.status() == Status.COMPLETED) {
      return true;
    }
    if (isPast(event.at(), WAITS_FOR)) {
      throw failed(
          event,
          "its export is still under way ("
              + export.arn().orElse("its name is not known")
              + "), and CloudFormation does not wait longer than an hour. It goes on; deploy again"
              + " when it has ended: it is found, and not repeated");
    }
    return false;
  }

  private boolean begin(ExportEvent event, Optional<ExportRecord> latest) {
    var request = event.request();
    if (!request.begins()) {
      throw failed(
          event,
          latest.map(ExportBeforeReplacing::whyItDoesNotCount).orElse("there is no export of it")
              + ", and this deployment is to begin none: godwit export --table "
              + request.tableName()
              + " --point-in-time --migration "
              + request.migration());
    }
    var asked =
        ExportRecord.asked(
            request.tableName(),
            request.migration(),
            latest,
            request.location(),
            Optional.empty(),
            ports.clock().instant(),
            event.by());
    ports.notes().write(latest, asked);
    return ask(event, asked);
  }

  private static String whyItDoesNotCount(ExportRecord last) {
    if (last.status() == Status.COMPLETED) {
      return "its export is older than " + ExportRecord.GOOD_FOR.toHours() + " hours";
    }
    return last.failure().isEmpty() ? "there is none" : last.failure();
  }

  private boolean ask(ExportEvent event, ExportRecord asked) {
    ExportRecord begun;
    try {
      begun = ports.exports().begin(asked, event.request().tableArn());
    } catch (TableExports.Refused e) {
      if (e.isPermission() && !isPast(event.at(), DeploymentMigrations.PERMISSIONS_ARRIVE)) {
        ports.log().accept("Refused, perhaps not for long: " + e.getMessage());
        return false; // asked for again under its token
      }
      if (asked.by().equals(event.by())) {
        ports.notes().write(Optional.of(asked), asked.refused(String.valueOf(e.getMessage())));
      }
      throw failed(event, String.valueOf(e.getMessage()));
    }
    ports.log().accept("Exporting: " + begun.arn().orElse("its name is not known"));
    ports.notes().write(Optional.of(asked), begun);
    return stands(event, begun);
  }

  private static DeploymentFailed failed(ExportEvent event, String why) {
    return new DeploymentFailed(
        "The key of "
            + event.request().tableName()
            + " is not changed, and nothing has been replaced: "
            + Sentences.shortened(why));
  }

  private boolean isPast(Instant from, Duration time) {
    return ports.clock().instant().isAfter(from.plus(time));
  }
}
