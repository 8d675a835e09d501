package dev.godwit.cli.export;

import static java.nio.file.StandardOpenOption.CREATE_NEW;

import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.s3.S3Client;

/** Finds what a user means by a destination. */
final class Destinations {
  private static final String S3 = "s3://";

  private Destinations() {}

  /**
   * Refuses what cannot be written to, before anything is read.
   *
   * @throws CommandFailed when there is something already, or no folder to write to
   */
  static void check(String to) {
    try (var destination = of(to)) {
      destination.name();
    } catch (IOException e) {
      throw refused(to + " cannot be written (" + e + ")", e);
    }
  }

  /**
   * A file; or a folder or a place in S3, if a slash is behind it, which then has a file for each
   * part.
   *
   * @throws CommandFailed as {@link #check}
   */
  static Destination of(String to) throws IOException {
    if (to.startsWith(S3)) {
      return Bucket.of(to);
    }
    return to.endsWith("/") ? new Folder(Path.of(to)) : new File(Path.of(to));
  }

  private static CommandFailed refused(String why, Exception cause) {
    return new CommandFailed(ExitCode.BAD_USAGE, why + ". Nothing was begun", cause);
  }

  private static CommandFailed refused(String why) {
    return refused(why, new IllegalArgumentException(why));
  }

  private static String part(int number) {
    return String.format(Locale.ROOT, "part-%06d.jsonl.gz", number);
  }

  /** One file, gzipped if its name says so; it has its name when it is whole. */
  private static final class File implements Destination {
    private final Path file;
    private final Path begun;
    private Optional<OutputStream> out = Optional.empty();

    File(Path file) {
      this.file = file.toAbsolutePath().normalize();
      // a name of its own: another export to the same file must not write into this one
      this.begun =
          this.file.resolveSibling(
              "." + this.file.getFileName() + "." + UUID.randomUUID() + ".begun");
      if (Files.exists(this.file)) {
        throw refused(file + " is there already; name another file, or delete that");
      }
      var folder = this.file.getParent();
      if (folder == null || !Files.isDirectory(folder)) {
        throw refused("There is no folder " + folder);
      }
    }

    @Override
    public String name() {
      return file.toString();
    }

    @Override
    public void take(byte[] gzipped, byte[] lines) throws IOException {
      if (out.isEmpty()) {
        out = Optional.of(new BufferedOutputStream(Files.newOutputStream(begun, CREATE_NEW)));
      }
      out.get().write(file.toString().endsWith(".gz") ? gzipped : lines);
    }

    @Override
    public void finish() throws IOException {
      if (out.isPresent()) {
        out.get().close();
        out = Optional.empty();
      } else {
        Files.write(begun, new byte[0]);
      }
      try {
        Files.move(begun, file);
      } catch (FileAlreadyExistsException e) {
        throw new IOException(file + " has come to be there meanwhile, and was left alone", e);
      }
    }

    @Override
    public void close() throws IOException {
      if (out.isPresent()) {
        out.get().close();
      }
      Files.deleteIfExists(begun);
    }
  }

  /** A folder with a file for each part. */
  private static final class Folder implements Destination {
    private final Path folder;
    private int parts;

    Folder(Path folder) throws IOException {
      this.folder = folder.toAbsolutePath().normalize();
      if (Files.exists(this.folder)) {
        try (var there = Files.list(this.folder)) {
          if (there.findAny().isPresent()) {
            throw refused(folder + " is not empty; name another folder, or empty that");
          }
        }
      }
    }

    @Override
    public String name() {
      return folder + "/";
    }

    @Override
    public void take(byte[] gzipped, byte[] lines) throws IOException {
      Files.createDirectories(folder);
      Files.write(folder.resolve(part(parts)), gzipped, CREATE_NEW);
      parts++;
    }

    @Override
    public void finish() throws IOException {
      Files.createDirectories(folder);
    }

    @Override
    public void close() {}
  }

  /** A place in S3 with an object for each part. */
  private static final class Bucket implements Destination {
    private final S3Client s3;
    private final String bucket;
    private final String prefix;
    private int parts;

    private Bucket(S3Client s3, String bucket, String prefix) {
      this.s3 = s3;
      this.bucket = bucket;
      this.prefix = prefix;
    }

    static Bucket of(String to) throws IOException {
      int slash = to.indexOf('/', S3.length());
      if (slash < 0 || !to.endsWith("/")) {
        throw refused(
            "In S3, items are exported to a prefix: s3://BUCKET/PREFIX/, with a slash behind it, not "
                + to);
      }
      var made =
          new Bucket(
              S3Client.builder()
                  .httpClientBuilder(UrlConnectionHttpClient.builder())
                  .crossRegionAccessEnabled(true)
                  .build(),
              to.substring(S3.length(), slash),
              to.substring(slash + 1));
      try {
        boolean isThere =
            made.s3
                .listObjectsV2(list -> list.bucket(made.bucket).prefix(made.prefix).maxKeys(1))
                .hasContents();
        if (isThere) {
          throw refused("There is something below " + to + "; name another prefix, or delete that");
        }
        return made;
      } catch (SdkException e) {
        made.close();
        throw new IOException(e.getMessage(), e);
      } catch (CommandFailed e) {
        made.close();
        throw e;
      }
    }

    @Override
    public String name() {
      return S3 + bucket + "/" + prefix;
    }

    @Override
    public void take(byte[] gzipped, byte[] lines) throws IOException {
      try {
        s3.putObject(
            put -> put.bucket(bucket).key(prefix + part(parts)).ifNoneMatch("*"),
            RequestBody.fromBytes(gzipped));
      } catch (SdkException e) {
        throw new IOException(e.getMessage(), e);
      }
      parts++;
    }

    @Override
    public void finish() {}

    @Override
    public void close() {
      s3.close();
    }
  }
}
