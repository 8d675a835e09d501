package dev.godwit.asl;

import java.util.List;
import java.util.Optional;

/** One entry of {@code Catch}: where to go on, and with what, when a state has failed for good. */
record Catcher(
    List<String> errors, String next, Optional<Template> assign, Optional<Template> output) {

  boolean matches(StateError error) {
    return ErrorMatching.matches(errors, error);
  }
}
