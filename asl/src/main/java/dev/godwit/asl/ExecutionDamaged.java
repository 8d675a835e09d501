package dev.godwit.asl;

import java.nio.file.Path;

/**
 * What the disk holds of an execution is not what was written: it cannot be gone on with, and
 * nothing was begun. Lines missing at a file's end are no damage: a power cut takes them, and what
 * they told of is done again.
 */
public final class ExecutionDamaged extends IllegalStateException {
  ExecutionDamaged(Path file, String what) {
    super("the execution's file " + file + " is damaged: " + what);
  }

  ExecutionDamaged(Path file, String what, Throwable cause) {
    this(file, what);
    initCause(cause);
  }
}
