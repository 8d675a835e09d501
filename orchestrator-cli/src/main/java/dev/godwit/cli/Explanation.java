package dev.godwit.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.cli.engine.EngineExplanation;
import dev.godwit.cli.launch.RunBrokeOff;
import dev.godwit.cli.migrations.UnloadableCode;
import dev.godwit.cli.table.ServiceAnswer;
import dev.godwit.compiler.CannotCompile;
import dev.godwit.migration.InvalidMigrationException;
import dev.godwit.migration.UnknownMigrationException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Finds a sentence and an exit code for what a command has thrown. All that can go wrong without
 * being a fault of Godwit's is told here, wherever it was thrown, unless the command knew better.
 */
final class Explanation {
  private static final String NO_ADVICE = "";

  private Explanation() {}

  /** Empty when it is a fault of Godwit's. */
  static Optional<CommandFailed> of(Throwable thrown) {
    var advice = NO_ADVICE;
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof RunBrokeOff brokeOff) {
        advice = brokeOff.howToGoOn();
      }
      var told = told(cause, !advice.isEmpty());
      if (told.isPresent()) {
        return Optional.of(
            advice.isEmpty() || told.get() == cause
                ? told.get()
                : new CommandFailed(
                    told.get().exitCode(), told.get().getMessage() + ". " + advice, thrown));
      }
    }
    return Optional.empty();
  }

  private static Optional<CommandFailed> told(Throwable cause, boolean inTheMiddle) {
    if (cause instanceof CommandFailed failed) {
      return Optional.of(failed);
    }
    if (cause instanceof UnknownMigrationException || cause instanceof InvalidMigrationException) {
      return failed(ExitCode.BAD_USAGE, String.valueOf(cause.getMessage()), cause);
    }
    if (cause instanceof CannotCompile refused) {
      return failed(ExitCode.BAD_USAGE, ofCompiler(refused), cause);
    }
    if (cause instanceof LinkageError unloadable
        && !inTheMiddle
        && !UnloadableCode.isGodwits(unloadable)) {
      return failed(ExitCode.BAD_USAGE, UnloadableCode.sentence(unloadable), cause);
    }
    var byEngine = EngineExplanation.of(cause);
    if (byEngine.isPresent()) {
      return byEngine;
    }
    if (cause instanceof SdkException answer) {
      return failed(ExitCode.UNREACHABLE, ofService(answer), cause);
    }
    if (cause instanceof UncheckedIOException unchecked) {
      return failed(ExitCode.UNREACHABLE, ofFiles(unchecked), cause);
    }
    if (cause instanceof IllegalArgumentException && !inTheMiddle) {
      return failed(ExitCode.BAD_USAGE, cause.getMessage() + ". Nothing was begun", cause);
    }
    return Optional.empty();
  }

  private static String ofCompiler(CannotCompile refused) {
    return Stream.concat(refused.compilerLines().stream(), Stream.of(refused.getMessage()))
        .collect(Collectors.joining(System.lineSeparator()));
  }

  private static String ofService(SdkException answer) {
    return answer instanceof AwsServiceException
        ? "AWS refused ("
            + ServiceAnswer.of(answer)
            + "); check the credentials and what they allow"
        : "AWS, or the table's endpoint, cannot be reached ("
            + ServiceAnswer.of(answer)
            + "); check the endpoint, the network and the credentials";
  }

  private static String ofFiles(UncheckedIOException unchecked) {
    var broken = Objects.requireNonNull(unchecked.getCause()); // its constructors see to that
    var known = String.valueOf(unchecked.getMessage());
    if (!known.equals(String.valueOf(broken))) {
      return known + " (" + reason(broken) + ")";
    }
    return broken instanceof JsonProcessingException
        ? "A file in the folder of runs is damaged (" + reason(broken) + ")"
        : "The folder of runs cannot be read or written ("
            + reason(broken)
            + "); make room there, or mend it";
  }

  private static String reason(IOException broken) {
    if (broken instanceof NoSuchFileException gone) {
      return gone.getFile() + " is not there";
    }
    if (broken instanceof AccessDeniedException denied) {
      return denied.getFile() + ": permission denied";
    }
    if (broken instanceof JsonProcessingException json) {
      return "it is not the JSON that was written: " + json.getOriginalMessage();
    }
    return broken instanceof FileSystemException
        ? String.valueOf(broken.getMessage())
        : broken.getClass().getSimpleName() + ": " + broken.getMessage();
  }

  private static Optional<CommandFailed> failed(ExitCode code, String message, Throwable cause) {
    return Optional.of(new CommandFailed(code, message, cause));
  }
}
