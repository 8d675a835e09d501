package dev.godwit.infra;

import dev.godwit.run.results.ResultsLayout;
import io.github.cdklabs.cdknag.NagPackSuppression;
import io.github.cdklabs.cdknag.NagSuppressions;
import java.util.List;
import java.util.Optional;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.kms.IKey;
import software.amazon.awscdk.services.kms.Key;
import software.amazon.awscdk.services.s3.BlockPublicAccess;
import software.amazon.awscdk.services.s3.Bucket;
import software.amazon.awscdk.services.s3.BucketEncryption;
import software.amazon.awscdk.services.s3.LifecycleRule;
import software.amazon.awscdk.services.s3.ObjectOwnership;
import software.constructs.Construct;

/**
 * Where runs leave their results, failure records and deferred actions, under {@code runs/}, and
 * exports of tables.
 */
public final class ResultsBucket extends Construct {
  /** Where exports of tables go; nothing there expires. */
  static final String EXPORTS = "exports";

  private final Bucket bucket;
  private final Optional<String> kmsKeyArn;

  /**
   * @param keepFor how long results are kept
   * @param kmsKeyArn the customer's key for what is stored; S3's own when empty
   * @param destroyData whether it goes with the stack, with all that it holds
   */
  ResultsBucket(
      Construct scope,
      String id,
      Duration keepFor,
      Optional<String> kmsKeyArn,
      boolean destroyData) {
    super(scope, id);
    this.kmsKeyArn = kmsKeyArn;
    var builder =
        Bucket.Builder.create(this, "Bucket")
            .blockPublicAccess(BlockPublicAccess.BLOCK_ALL)
            .objectOwnership(ObjectOwnership.BUCKET_OWNER_ENFORCED)
            .enforceSsl(true)
            .minimumTlsVersion(1.2)
            .lifecycleRules(
                List.of(
                    LifecycleRule.builder()
                        .id("expire-results")
                        .prefix(ResultsLayout.RUNS)
                        .expiration(keepFor)
                        .abortIncompleteMultipartUploadAfter(Duration.days(7))
                        .build()))
            .removalPolicy(destroyData ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN)
            .autoDeleteObjects(destroyData);
    if (kmsKeyArn.isPresent()) {
      IKey key = Key.fromKeyArn(this, "Key", kmsKeyArn.get());
      builder.encryption(BucketEncryption.KMS).encryptionKey(key).bucketKeyEnabled(true);
    } else {
      builder.encryption(BucketEncryption.S3_MANAGED);
    }
    bucket = builder.build();
    NagSuppressions.addResourceSuppressions(
        bucket,
        List.of(
            NagPackSuppression.builder()
                .id("AwsSolutions-S1")
                .reason(
                    "Two roles write here and the deployment's operators read: CloudTrail data events,"
                        + " which the account may turn on, name the caller where server access logs"
                        + " would need a second bucket that itself is logged nowhere.")
                .build()));
  }

  public Bucket bucket() {
    return bucket;
  }

  /** Objects of all runs. */
  String objects() {
    return bucket.arnForObjects(ResultsLayout.RUNS + "*");
  }

  /** Objects of all exports. */
  String exportedObjects() {
    return bucket.arnForObjects(EXPORTS + "/*");
  }

  /** Lets {@code role} write objects, and read them, under the bucket's key if it has one. */
  void allowKey(Role role, String sid) {
    kmsKeyArn.ifPresent(
        arn ->
            role.addToPolicy(
                Grants.allow(sid, List.of("kms:Decrypt", "kms:GenerateDataKey"), List.of(arn))));
  }
}
