package dev.godwit.compiler;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What is to be compiled together.
 *
 * @param what the sources' folder, as it is told to people
 * @param sources all of these; of {@code shared} what they need is compiled with them
 */
record Compilation(Path what, List<Path> sources, Optional<Path> shared, List<Path> classPath) {}
