package dev.godwit.cli.launch;

import dev.godwit.cli.stage.StageOption;
import dev.godwit.cli.table.DynamoDbConnection;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say which DynamoDB. */
public final class ConnectionOptions {
  @Option(
      names = "--endpoint-url",
      paramLabel = "URL",
      description =
          "Where DynamoDB answers. Default: the region's own endpoint; variable: AWS_ENDPOINT_URL_DYNAMODB.")
  private @Nullable URI endpointUrl;

  @Option(
      names = "--region",
      paramLabel = "REGION",
      description = "The AWS region. Default: as the AWS SDK finds it.")
  private @Nullable String region;

  public DynamoDbConnection connection() {
    return DynamoDbConnection.found(Optional.ofNullable(endpointUrl), Optional.ofNullable(region));
  }

  /** The connection that a stage has, or these options. */
  DynamoDbConnection connection(StageOption stage) {
    return DynamoDbConnection.found(stage.endpointUrl(endpointUrl), stage.region(region));
  }

  /** The same, for a region that is known from elsewhere. */
  DynamoDbConnection connectionIn(StageOption stage, String knownRegion) {
    return DynamoDbConnection.found(stage.endpointUrl(endpointUrl), Optional.of(knownRegion));
  }

  /** What of this was said, as words of a command. */
  List<String> words() {
    var words = new ArrayList<String>();
    if (endpointUrl != null) {
      words.add("--endpoint-url " + endpointUrl);
    }
    if (region != null) {
      words.add("--region " + region);
    }
    return words;
  }
}
