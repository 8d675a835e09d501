package dev.godwit.cli.newtable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.PointInTimeRecoveryStatus;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveStatus;

/** What a table has that is not in its description, and that no new table gets with it. */
record Surroundings(DynamoDbClient client, TableDescription table) {
  /** For people; what cannot be looked at is said, too. */
  List<String> notTakenOver() {
    var said = new ArrayList<String>();
    look("time to live", this::timeToLive).ifPresent(said::add);
    look("point-in-time recovery", this::recovery).ifPresent(said::add);
    look("tags", this::tags).ifPresent(said::add);
    return said;
  }

  private static Optional<String> look(String what, Supplier<Optional<String>> look) {
    try {
      return look.get();
    } catch (SdkException e) {
      return Optional.of(what + ": could not be looked at, so look yourself");
    }
  }

  private Optional<String> timeToLive() {
    var told =
        client
            .describeTimeToLive(describe -> describe.tableName(table.tableName()))
            .timeToLiveDescription();
    return told.timeToLiveStatus() == TimeToLiveStatus.DISABLED
        ? Optional.empty()
        : Optional.of("time to live by \"" + told.attributeName() + "\"");
  }

  private Optional<String> recovery() {
    var told =
        client
            .describeContinuousBackups(describe -> describe.tableName(table.tableName()))
            .continuousBackupsDescription()
            .pointInTimeRecoveryDescription();
    return told != null && told.pointInTimeRecoveryStatus() == PointInTimeRecoveryStatus.ENABLED
        ? Optional.of("point-in-time recovery")
        : Optional.empty();
  }

  private Optional<String> tags() {
    var tags = client.listTagsOfResource(list -> list.resourceArn(table.tableArn())).tags();
    return tags.isEmpty()
        ? Optional.empty()
        : Optional.of("tags: " + String.join(", ", tags.stream().map(tag -> tag.key()).toList()));
  }
}
