package dev.godwit.cli.facts;

import dev.godwit.cli.table.ServiceAnswer;
import java.io.IOException;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/** Asks AWS for what need not be told. */
public final class Asked {
  private Asked() {}

  /**
   * A question to a service.
   *
   * @param <T> its answer
   */
  @FunctionalInterface
  public interface Question<T> {
    /**
     * Asks.
     *
     * @throws IOException when the answer cannot be read
     */
    T ask() throws IOException;
  }

  /**
   * The answer to {@code question}, or why there is none.
   *
   * @param permission that asking it needs
   */
  public static <T> Told<T> told(String permission, Question<T> question) {
    try {
      return Told.of(question.ask());
    } catch (AwsServiceException e) {
      var details = e.awsErrorDetails();
      var code = details == null ? "" : String.valueOf(details.errorCode());
      if (code.contains("UnknownOperation")) {
        return Told.unknown("this endpoint does not know of it");
      }
      return Told.unknown(
          code.contains("AccessDenied")
              ? "it may not be looked at; allow " + permission
              : "refused (" + ServiceAnswer.of(e) + ")");
    } catch (SdkException e) {
      return Told.unknown("no answer (" + ServiceAnswer.of(e) + ")");
    } catch (IOException e) {
      return Told.unknown("the answer is no JSON (" + e.getMessage() + ")");
    }
  }
}
