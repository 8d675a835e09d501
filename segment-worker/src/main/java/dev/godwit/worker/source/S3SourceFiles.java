package dev.godwit.worker.source;

import dev.godwit.worker.TableRefused;
import dev.godwit.worker.TableUnavailable;
import dev.godwit.worker.pace.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Objects of S3. Each part is read on the condition that the object still has the ETag that it was
 * found with. Thread-safe.
 */
public final class S3SourceFiles implements SourceFiles {
  /** What addresses begin with. */
  static final String SCHEME = "s3://";

  private static final Pattern ADDRESS = Pattern.compile("s3://([a-z0-9][a-z0-9.-]+)/(.*)");

  /** The shortest that a request may take, however little time is left. */
  private static final Duration SHORTEST_TIMEOUT = Duration.ofSeconds(1);

  private static final int PRECONDITION_FAILED = 412;
  private static final int NOT_FOUND = 404;
  private static final int FORBIDDEN = 403;

  private final S3Client s3;
  private final Deadline deadline;

  public S3SourceFiles(S3Client s3) {
    this(s3, Deadline.NEVER);
  }

  private S3SourceFiles(S3Client s3, Deadline deadline) {
    this.s3 = s3;
    this.deadline = deadline;
  }

  @Override
  public SourceFiles until(Deadline until) {
    return new S3SourceFiles(s3, until);
  }

  /** An object's bucket and key. */
  private record Address(String bucket, String key) {
    static Address of(String location) {
      Matcher matcher = ADDRESS.matcher(location);
      if (!matcher.matches()) {
        throw new TableRefused(
            "A file in S3 is named s3://bucket/key, not " + location,
            new IllegalArgumentException(location));
      }
      return new Address(matcher.group(1), matcher.group(2));
    }
  }

  @Override
  public List<SourceFile> find(String location) {
    var address = Address.of(location);
    try {
      if (!location.endsWith("/")) {
        var head =
            s3.headObject(
                asked ->
                    asked.bucket(address.bucket).key(address.key).overrideConfiguration(inTime()));
        return List.of(new SourceFile(location, head.contentLength(), head.eTag()));
      }
      var files = new ArrayList<SourceFile>();
      for (S3Object object :
          s3.listObjectsV2Paginator(
                  asked ->
                      asked
                          .bucket(address.bucket)
                          .prefix(address.key)
                          .delimiter("/")
                          .overrideConfiguration(inTime()))
              .contents()) {
        var name = object.key().substring(address.key.length());
        if (!name.isEmpty() && !name.startsWith(".")) {
          files.add(
              new SourceFile(
                  SCHEME + address.bucket + "/" + object.key(), object.size(), object.eTag()));
        }
      }
      if (files.isEmpty()) {
        throw new TableRefused(
            "There are no files below " + location, new IllegalArgumentException(location));
      }
      return List.copyOf(files);
    } catch (SdkException e) {
      throw translated(location, e);
    }
  }

  @Override
  public byte[] read(SourceFile file, long from, int bytes) {
    long end = Math.min(file.bytes(), from + bytes);
    if (from >= end) {
      return new byte[0];
    }
    var address = Address.of(file.address());
    try {
      return s3.getObjectAsBytes(
              asked ->
                  asked
                      .bucket(address.bucket)
                      .key(address.key)
                      .ifMatch(file.version())
                      .range("bytes=" + from + "-" + (end - 1))
                      .overrideConfiguration(inTime()))
          .asByteArrayUnsafe();
    } catch (SdkException e) {
      if (e instanceof S3Exception refused && refused.statusCode() == PRECONDITION_FAILED) {
        throw LocalSourceFiles.changed(file);
      }
      throw translated(file.address(), e);
    }
  }

  private AwsRequestOverrideConfiguration inTime() {
    var configuration = AwsRequestOverrideConfiguration.builder();
    var atMost = deadline.leftForAnswers();
    if (!atMost.equals(Deadline.FOREVER)) {
      configuration.apiCallTimeout(
          atMost.compareTo(SHORTEST_TIMEOUT) < 0 ? SHORTEST_TIMEOUT : atMost);
    }
    return configuration.build();
  }

  private static RuntimeException translated(String location, SdkException e) {
    int status = e instanceof S3Exception refused ? refused.statusCode() : 500;
    if (status == NOT_FOUND) {
      return new TableRefused("There is no file " + location, e);
    }
    if (status == FORBIDDEN) {
      return new TableRefused(
          "The file "
              + location
              + " may not be read, or is not there: allow s3:GetObject on it and s3:ListBucket on its"
              + " bucket; on AWS, name it in \"sources\" of godwit.json",
          e);
    }
    var message = "The file " + location + " could not be read: " + e.getMessage();
    return status < 500 ? new TableRefused(message, e) : new TableUnavailable(message, e);
  }
}
