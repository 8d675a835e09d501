package dev.godwit.compiler;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is to be compiled together.
 *
 * @param what the sources' folder, as it is told to people
 * @param sources all of these, with their contents; of {@code shared} what they need is compiled
 *     with them
 */
record Compilation(
    Path what, SortedMap<Path, byte[]> sources, Optional<Sources> shared, List<Path> classPath) {

  /** Of all that may be compiled, by path. */
  SortedMap<Path, byte[]> contents() {
    var contents = new TreeMap<>(sources);
    shared.ifPresent(
        all -> {
          contents.putAll(all.main());
          contents.putAll(all.tests());
        });
    return contents;
  }
}
