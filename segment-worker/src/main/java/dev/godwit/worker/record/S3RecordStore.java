package dev.godwit.worker.record;

import dev.godwit.worker.TableRefused;
import dev.godwit.worker.TableUnavailable;
import dev.godwit.worker.WorkerException;
import java.util.List;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Records in a bucket. The client retries; what it gives up on ends the slice. */
public final class S3RecordStore implements RecordStore {
  private final S3Client s3;
  private final String bucket;

  public S3RecordStore(S3Client s3, String bucket) {
    this.s3 = s3;
    this.bucket = bucket;
  }

  @Override
  public void write(String key, byte[] content) {
    try {
      s3.putObject(
          put -> put.bucket(bucket).key(key).contentType("application/x-ndjson"),
          RequestBody.fromBytes(content));
    } catch (SdkException e) {
      throw translated("written", key, e);
    }
  }

  @Override
  public byte[] read(String key) {
    try {
      return s3.getObjectAsBytes(get -> get.bucket(bucket).key(key)).asByteArray();
    } catch (SdkException e) {
      throw translated("read", key, e);
    }
  }

  @Override
  public List<String> list(String prefix) {
    try {
      return s3
          .listObjectsV2Paginator(list -> list.bucket(bucket).prefix(prefix))
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
