package dev.godwit.worker.record;

import dev.godwit.worker.TableRefused;
import dev.godwit.worker.TableUnavailable;
import dev.godwit.worker.WorkerException;
import dev.godwit.worker.pace.Deadline;
import java.time.Duration;
import java.util.List;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Records in a bucket. The client retries; what it gives up on ends the slice. */
public final class S3RecordStore implements RecordStore {
  /**
   * The shortest that a request may take, however little time is left: it has been decided upon.
   */
  private static final Duration SHORTEST_TIMEOUT = Duration.ofSeconds(1);

  private final S3Client s3;
  private final String bucket;
  private final Deadline deadline;

  public S3RecordStore(S3Client s3, String bucket) {
    this(s3, bucket, Deadline.NEVER);
  }

  private S3RecordStore(S3Client s3, String bucket, Deadline deadline) {
    this.s3 = s3;
    this.bucket = bucket;
    this.deadline = deadline;
  }

  /** Each request, tried again or not, has as long as an answer may still be waited for. */
  @Override
  public RecordStore until(Deadline until) {
    return new S3RecordStore(s3, bucket, until);
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

  @Override
  public void write(String key, byte[] content) {
    try {
      s3.putObject(
          put ->
              put.bucket(bucket)
                  .key(key)
                  .contentType("application/x-ndjson")
                  .overrideConfiguration(inTime()),
          RequestBody.fromBytes(content));
    } catch (SdkException e) {
      throw translated("written", key, e);
    }
  }

  @Override
  public byte[] read(String key) {
    try {
      return s3.getObjectAsBytes(get -> get.bucket(bucket).key(key).overrideConfiguration(inTime()))
          .asByteArray();
    } catch (SdkException e) {
      throw translated("read", key, e);
    }
  }

  @Override
  public List<String> list(String prefix) {
    try {
      return s3
          .listObjectsV2Paginator(
              list -> list.bucket(bucket).prefix(prefix).overrideConfiguration(inTime()))
          .contents()
          .stream()
          .map(S3Object::key)
          .toList();
    } catch (SdkException e) {
      throw translated("listed", prefix, e);
    }
  }

  @Override
  public String address(String key) {
    return "s3://" + bucket + "/" + key;
  }

  private WorkerException translated(String verb, String key, SdkException e) {
    var message = "The record " + address(key) + " could not be " + verb + ": " + e.getMessage();
    return e instanceof S3Exception refused && refused.statusCode() < 500
        ? new TableRefused(message, e)
        : new TableUnavailable(message, e);
  }
}
