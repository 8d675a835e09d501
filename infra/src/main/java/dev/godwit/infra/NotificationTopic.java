package dev.godwit.infra;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import software.amazon.awscdk.services.iam.Role;

/**
 * An SNS topic of the user's that is told of runs and alarms.
 *
 * @param kmsKeyArn the customer managed key that the topic is encrypted with, if it is
 */
public record NotificationTopic(String arn, Optional<String> kmsKeyArn) {
  private static final Pattern TOPIC_ARN =
      Pattern.compile("arn:aws[a-z-]*:sns:[a-z0-9-]+:\\d{12}:[A-Za-z0-9_-]{1,256}(\\.fifo)?");

  public NotificationTopic {
    if (!TOPIC_ARN.matcher(arn).matches()) {
      throw new InvalidOptions(
          "\"" + arn + "\" is not a topic's ARN (arn:aws:sns:REGION:ACCOUNT:NAME).");
    }
    if (arn.endsWith(".fifo")) {
      throw new InvalidOptions(
          "The topic " + arn + " is a FIFO topic, which takes no alarms; name a standard one.");
    }
  }

  void allowPublishing(Role role) {
    role.addToPolicy(Grants.allow("Notify", List.of("sns:Publish"), List.of(arn)));
    // SNS developer guide, "Key management", "Configure AWS KMS permissions"; read 2026-11-20.
    kmsKeyArn.ifPresent(
        key ->
            role.addToPolicy(
                Grants.allow(
                    "UseTheTopicsKey",
                    List.of("kms:Decrypt", "kms:GenerateDataKey"),
                    List.of(key))));
  }
}
