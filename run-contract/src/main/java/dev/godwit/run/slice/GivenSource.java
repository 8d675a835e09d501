package dev.godwit.run.slice;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.migration.Source;
import dev.godwit.run.SourceJson;
import java.util.Optional;

/**
 * Where a run's items come from, as its worker has found it when the run began.
 *
 * @param source where from
 * @param seen what it was like: a digest, by which a slice tells whether it has changed since;
 *     absent where nothing is to be compared
 */
public record GivenSource(Source source, Optional<String> seen) {
  private static final String SEEN = "seen";

  /** The JSON form: that of the source, and {@code seen}. */
  ObjectNode json() {
    var json = SourceJson.write(source);
    seen.ifPresent(digest -> json.put(SEEN, digest));
    return json;
  }

  static GivenSource read(JsonNode node) {
    if (!(node instanceof ObjectNode fields) || !fields.has(SEEN)) {
      return new GivenSource(SourceJson.read(node), Optional.empty());
    }
    var seen = fields.get(SEEN);
    if (!seen.isTextual()) {
      throw new IllegalArgumentException("source.seen must be text, not " + seen);
    }
    return new GivenSource(
        SourceJson.read(fields.deepCopy().without(SEEN)), Optional.of(seen.textValue()));
  }
}
