package dev.godwit.cli.stepfunctions;

import dev.godwit.cli.results.ResultFiles;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Results in a bucket. */
final class BucketFiles implements ResultFiles {
  private final S3Client s3;
  private final String bucket;

  BucketFiles(S3Client s3, String bucket) {
    this.s3 = s3;
    this.bucket = bucket;
  }

  @Override
  public List<String> under(String prefix) throws IOException {
    try {
      return s3
          .listObjectsV2Paginator(list -> list.bucket(bucket).prefix(prefix))
          .contents()
          .stream()
          .map(S3Object::key)
          .toList();
    } catch (SdkException e) {
      throw unanswered(prefix, e);
    }
  }

  @Override
  public List<String> foldersIn(String folder) throws IOException {
    try {
      return s3
          .listObjectsV2Paginator(list -> list.bucket(bucket).prefix(folder).delimiter("/"))
          .commonPrefixes()
          .stream()
          .map(found -> found.prefix().substring(folder.length(), found.prefix().length() - 1))
          .toList();
    } catch (SdkException e) {
      throw unanswered(folder, e);
    }
  }

  /**
   * S3 compares what it stores and sends with checksums: user guide, "Checking object integrity";
   * read 2026-11-26.
   */
  @Override
  public boolean isChecked() {
    return true;
  }

  @Override
  public InputStream read(String name) throws IOException {
    try {
      return s3.getObject(get -> get.bucket(bucket).key(name));
    } catch (SdkException e) {
      throw unanswered(name, e);
    }
  }

  @Override
  public void write(String name, byte[] content) throws IOException {
    try {
      s3.putObject(
          put ->
              put.bucket(bucket)
                  .key(name)
                  .contentType(
                      name.endsWith(".html") ? "text/html; charset=utf-8" : "application/json"),
          RequestBody.fromBytes(content));
    } catch (SdkException e) {
      throw unanswered(name, e);
    }
  }

  private IOException unanswered(String name, SdkException e) {
    return new IOException("s3://" + bucket + "/" + name + ": " + e.getMessage(), e);
  }
}
