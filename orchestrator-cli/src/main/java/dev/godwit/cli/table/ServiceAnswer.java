package dev.godwit.cli.table;

import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/** What an AWS service has answered instead of an answer, or why there is none. */
public final class ServiceAnswer {
  private ServiceAnswer() {}

  /** In a few words, for people. */
  public static String of(SdkException e) {
    if (e instanceof AwsServiceException answer) {
      var details = answer.awsErrorDetails();
      return details == null
          ? "HTTP " + answer.statusCode()
          : details.errorCode() + ": " + details.errorMessage();
    }
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getClass().getSimpleName() + ": " + root.getMessage();
  }
}
