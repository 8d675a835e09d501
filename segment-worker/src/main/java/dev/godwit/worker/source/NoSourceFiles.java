package dev.godwit.worker.source;

import dev.godwit.worker.TableRefused;
import java.util.List;

/** For a worker that has no files of its own, as a Lambda function. */
public enum NoSourceFiles implements SourceFiles {
  NONE;

  @Override
  public List<SourceFile> find(String location) {
    throw refused(location);
  }

  @Override
  public byte[] read(SourceFile file, long from, int bytes) {
    throw refused(file.address());
  }

  private static TableRefused refused(String location) {
    return new TableRefused(
        "A worker on AWS reads files in S3 only, not "
            + location
            + ": copy it there and name it as s3://bucket/key, or run on this machine with --local",
        new IllegalArgumentException(location));
  }
}
