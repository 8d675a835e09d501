package dev.godwit.cli.facts;

import dev.godwit.cli.table.DynamoDbConnection;
import dev.godwit.cli.table.ServiceAnswer;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.EvaluationResult;
import software.amazon.awssdk.services.iam.model.PolicyEvaluationDecisionType;

/**
 * Asks IAM what roles and users may do, by SimulatePrincipalPolicy. It knows their own policies,
 * and those of their organization, but not those of a resource, and not those of a session: API
 * reference, SimulatePrincipalPolicy; read 2026-11-26.
 */
public final class RoleReader implements AutoCloseable {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(6);
  private static final int ATTEMPTS = 2;

  /** {@code arn:aws:sts::123456789012:assumed-role/NAME/SESSION}. */
  private static final Pattern SESSION =
      Pattern.compile("arn:(aws[a-z-]*):sts::(\\d{12}):assumed-role/([^/]+)/.*");

  private static final Pattern PRINCIPAL =
      Pattern.compile("arn:aws[a-z-]*:iam::\\d{12}:(?:role|user)/.*");

  private final IamClient iam;

  private RoleReader(IamClient iam) {
    this.iam = iam;
  }

  /**
   * Asks IAM with the credentials of {@code connection}. Close it.
   *
   * @param endpoint where IAM answers; empty for its own
   */
  public static RoleReader beside(DynamoDbConnection connection, Optional<URI> endpoint) {
    var builder =
        IamClient.builder()
            .region(global(connection.region()))
            .credentialsProvider(connection.credentials())
            .httpClientBuilder(
                UrlConnectionHttpClient.builder()
                    .connectionTimeout(CONNECT_TIMEOUT)
                    .socketTimeout(ANSWER_TIMEOUT))
            .overrideConfiguration(
                override -> override.retryStrategy(retry -> retry.maxAttempts(ATTEMPTS)));
    endpoint.ifPresent(builder::endpointOverride);
    return new RoleReader(builder.build());
  }

  /** IAM is one for all regions of a partition. */
  private static Region global(Region region) {
    return switch (region.metadata() == null ? "aws" : region.metadata().partition().id()) {
      case "aws-cn" -> Region.AWS_CN_GLOBAL;
      case "aws-us-gov" -> Region.AWS_US_GOV_GLOBAL;
      default -> Region.AWS_GLOBAL;
    };
  }

  /**
   * Which of {@code actions} {@code principal} may not do.
   *
   * @param principal the ARN of a role, a user or the session of a role
   * @param resource the ARN of what they are done to
   */
  public Told<List<String>> refused(String principal, List<String> actions, String resource) {
    var session = SESSION.matcher(principal);
    var source =
        session.matches()
            ? "arn:" + session.group(1) + ":iam::" + session.group(2) + ":role/" + session.group(3)
            : principal;
    if (!PRINCIPAL.matcher(source).matches()) {
      return Told.unknown("IAM does not tell what " + principal + " may do");
    }
    try {
      return Told.of(
          iam
              .simulatePrincipalPolicyPaginator(
                  simulate ->
                      simulate.policySourceArn(source).actionNames(actions).resourceArns(resource))
              .evaluationResults()
              .stream()
              .filter(result -> result.evalDecision() != PolicyEvaluationDecisionType.ALLOWED)
              .map(EvaluationResult::evalActionName)
              .toList());
    } catch (SdkException e) {
      return Told.unknown(
          "IAM does not tell ("
              + ServiceAnswer.of(e)
              + "); allow iam:SimulatePrincipalPolicy on "
              + source);
    }
  }

  @Override
  public void close() {
    iam.close();
  }
}
