package dev.godwit.worker.wire;

import software.amazon.awssdk.awscore.exception.AwsServiceException;

/**
 * A service answered that it will not. As the SDK's own exceptions do, it says with which code, in
 * which words and whether it may be asked again; unlike them it keeps the whole body.
 */
public final class ServiceRefused extends AwsServiceException {
  private static final long serialVersionUID = 1;

  private final transient byte[] body;

  ServiceRefused(AwsServiceException.Builder builder, byte[] body) {
    super(builder);
    this.body = body;
  }

  /** The service's name of the refusal, as in {@code ValidationException}; empty without one. */
  public String code() {
    return awsErrorDetails().errorCode();
  }

  /** The service's words; perhaps empty. */
  public String reason() {
    return awsErrorDetails().errorMessage();
  }

  /** What came with it, which may be no JSON at all when something else has answered. */
  public byte[] body() {
    return body.clone();
  }
}
