package dev.godwit.cli.report;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.godwit.run.ledger.ExportRecord;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;

/** Says how exports to S3 stand, for people and for programs. */
public final class ExportTexts {
  private ExportTexts() {}

  /** One export, line by line. */
  public static String summary(ExportRecord export) {
    return new Table()
        .row("  export", export.arn().orElse("not begun"))
        .row("  status", export.status().name())
        .row("  table", export.tableName())
        .row("  as of", export.exported().time().map(Object::toString).orElse("not known yet"))
        .row("  items", number(export.exported().items()))
        .row("  bytes", number(export.exported().bytes()))
        .row("  in", export.manifest().orElse(export.destination().toString()))
        .text();
  }

  /** Many, a line each. */
  public static String ofAll(List<ExportRecord> exports) {
    var table = new Table().row("EXPORT FOR", "STATUS", "ITEMS", "AS OF", "ASKED BY", "ARN");
    for (ExportRecord export : exports) {
      table.row(
          export.purpose(),
          export.status().name(),
          number(export.exported().items()),
          export.exported().time().map(Object::toString).orElse("-"),
          export.by(),
          export.arn().orElse("-"));
    }
    return table.text();
  }

  /** One as a JSON object: its attributes in the ledger, without what only Godwit needs. */
  public static String json(ExportRecord export) {
    var json = JsonNodeFactory.instance.objectNode();
    for (Map.Entry<String, Object> attribute : export.attributes().entrySet()) {
      if (attribute.getKey().equals(ExportRecord.TOKEN)) {
        continue;
      }
      if (attribute.getValue() instanceof Long number) {
        json.put(attribute.getKey(), number);
      } else {
        json.put(attribute.getKey(), attribute.getValue().toString());
      }
    }
    export.manifest().ifPresent(manifest -> json.put("manifest", manifest));
    return JsonReport.text(json);
  }

  /** As in {@code 2:05}: minutes and seconds. */
  public static String clock(Duration duration) {
    return String.format(Locale.ROOT, "%d:%02d", duration.toMinutes(), duration.toSecondsPart());
  }

  private static String number(OptionalLong number) {
    return number.isPresent()
        ? String.format(Locale.ROOT, "%,d", number.getAsLong())
        : "not known yet";
  }
}
