package dev.godwit.infra;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Files in S3 that runs may take their items from.
 *
 * @param location {@code s3://bucket/prefix}: all objects whose keys begin with the prefix
 * @param kmsKeyArn the key that they are encrypted with, if it is the customer's own
 */
public record SourceRef(String location, Optional<String> kmsKeyArn) {
  /** S3's rule for names of buckets: user guide, "Bucket naming rules"; read 2026-11-26. */
  private static final Pattern LOCATION =
      Pattern.compile("s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])/([^*?]*)");

  public SourceRef {
    if (!LOCATION.matcher(location).matches()) {
      throw new InvalidOptions(
          "\"" + location + "\" is no place of files in S3: write s3://BUCKET/PREFIX.");
    }
    kmsKeyArn.ifPresent(TableRef::checkKey);
  }

  /** Files that are encrypted as S3 does it by itself. */
  public static SourceRef of(String location) {
    return new SourceRef(location, Optional.empty());
  }

  String bucket() {
    return part(1);
  }

  String prefix() {
    return part(2);
  }

  private String part(int group) {
    Matcher matcher = LOCATION.matcher(location);
    if (!matcher.matches()) {
      throw new IllegalStateException(location);
    }
    return matcher.group(group);
  }
}
