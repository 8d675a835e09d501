package dev.godwit.worker.source;

import dev.godwit.worker.pace.Deadline;
import java.util.List;

/**
 * Files wherever they are: in S3 if their address says so, else elsewhere. Thread-safe.
 *
 * @param elsewhere a machine's own
 */
public record AnySourceFiles(SourceFiles s3, SourceFiles elsewhere) implements SourceFiles {
  @Override
  public SourceFiles until(Deadline deadline) {
    return new AnySourceFiles(s3.until(deadline), elsewhere.until(deadline));
  }

  @Override
  public List<SourceFile> find(String location) {
    return of(location).find(location);
  }

  @Override
  public byte[] read(SourceFile file, long from, int bytes) {
    return of(file.address()).read(file, from, bytes);
  }

  private SourceFiles of(String address) {
    return address.startsWith(S3SourceFiles.SCHEME) ? s3 : elsewhere;
  }
}
