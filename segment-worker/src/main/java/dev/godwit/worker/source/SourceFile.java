package dev.godwit.worker.source;

/**
 * A file that items are read from, as it was when it was found.
 *
 * @param address where it is: a path or an {@code s3://} address
 * @param bytes how long it is
 * @param version what changes when it is written again: an ETag, or a time
 */
public record SourceFile(String address, long bytes, String version) {
  /** What it is called among those that it was found with. */
  String name() {
    return address.substring(address.lastIndexOf('/') + 1);
  }
}
