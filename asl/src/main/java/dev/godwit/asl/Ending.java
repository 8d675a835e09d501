package dev.godwit.asl;

import com.fasterxml.jackson.databind.JsonNode;

/** How a flow ended. */
sealed interface Ending {
  /** It came to its end. */
  record Succeeded(JsonNode output) implements Ending {}

  /** A state failed, and nothing caught it. */
  record Failed(StateError error) implements Ending {}

  /** It was told to stop; it stands where its journal says. */
  record Aborted() implements Ending {}
}
