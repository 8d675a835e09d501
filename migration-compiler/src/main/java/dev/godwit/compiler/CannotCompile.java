package dev.godwit.compiler;

import dev.godwit.migration.GodwitException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A folder of migrations of which no jars can be made, for what is in it or for the machine. The
 * message is one sentence. Nothing was written that would be taken for a jar.
 */
public final class CannotCompile extends GodwitException {
  private final List<String> compilerLines;

  CannotCompile(String message) {
    this(message, List.of(), null);
  }

  CannotCompile(String message, @Nullable Throwable cause) {
    this(message, List.of(), cause);
  }

  CannotCompile(String message, List<String> compilerLines, @Nullable Throwable cause) {
    super(message, cause);
    this.compilerLines = List.copyOf(compilerLines);
  }

  /** What the Java compiler has said, as it said it; empty when it was not what refused. */
  public List<String> compilerLines() {
    return compilerLines;
  }
}
