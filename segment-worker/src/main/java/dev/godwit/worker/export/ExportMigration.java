package dev.godwit.worker.export;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.migration.Change;
import dev.godwit.migration.DynamoDbJson;
import dev.godwit.migration.ItemTransform;
import dev.godwit.migration.Migration;
import dev.godwit.migration.ScanFilter;
import dev.godwit.migration.TransformContext;
import dev.godwit.migration.Value;
import dev.godwit.run.Exporting;
import java.util.Map;
import java.util.Optional;

/** What a run that exports items is in place of a migration: it changes none. Thread-safe. */
public final class ExportMigration implements Migration {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Override
  public String id() {
    return Exporting.MIGRATION;
  }

  @Override
  public String table() {
    return "*";
  }

  @Override
  public String description() {
    return "Keeps items in files as they are";
  }

  @Override
  public ItemTransform up() {
    return (item, context) -> Change.keep();
  }

  @Override
  public Optional<ScanFilter> filter(TransformContext context) {
    return filter(context.parameters());
  }

  /**
   * The filter that the parameters of a run say.
   *
   * @throws IllegalArgumentException when they are not as they must be; the message says why
   */
  public static Optional<ScanFilter> filter(Map<String, String> parameters) {
    var expression = parameters.get(Exporting.FILTER);
    return expression == null
        ? Optional.empty()
        : Optional.of(
            new ScanFilter(
                expression,
                names(parameters.getOrDefault(Exporting.FILTER_NAMES, "{}")),
                values(parameters.getOrDefault(Exporting.FILTER_VALUES, "{}"))));
  }

  private static Map<String, String> names(String json) {
    try {
      return JSON.readValue(json, new TypeReference<Map<String, String>>() {});
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "The names of a filter are a JSON object, as in {\"#kind\":\"kind\"}, not " + json, e);
    }
  }

  private static Map<String, Value> values(String json) {
    try {
      return DynamoDbJson.parse(json).attributes();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "The values of a filter are DynamoDB JSON, as in {\":kind\":{\"S\":\"user\"}}, not "
              + json,
          e);
    }
  }
}
