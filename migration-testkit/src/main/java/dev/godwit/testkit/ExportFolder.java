package dev.godwit.testkit;

import dev.godwit.migration.DynamoDbJson;
import dev.godwit.migration.Item;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;

/**
 * An export as DynamoDB lays it out in S3, in a folder: to try out beforehand, on a DynamoDB Local,
 * which makes no exports, what a run with {@code --source manifest-summary.json} will do.
 *
 * <p>Developer guide, "DynamoDB table export output format"; read 2026-11-26. Checksums and counts
 * are right unless a method here says otherwise; ETags are made up. Not thread-safe.
 */
public final class ExportFolder {
  private static final String ID = "01690000000000-a1b2c3d4";

  private final Path root;
  private final List<String> data = new ArrayList<>();
  private String table = "Users";
  private String format = "DYNAMODB_JSON";
  private long items;
  private long more;

  /**
   * @param root a folder that stands for the bucket's prefix; made if need be
   */
  public ExportFolder(Path root) throws IOException {
    this.root = root;
    Files.createDirectories(root.resolve("AWSDynamoDB/" + ID + "/data"));
  }

  /** Adds a data file with these items, of a full export. */
  public ExportFolder full(List<Item> all) throws IOException {
    return lines(all.stream().map(item -> "{\"Item\":" + DynamoDbJson.format(item) + "}").toList());
  }

  /** Adds a data file with these lines. */
  public ExportFolder lines(List<String> lines) throws IOException {
    var key = "AWSDynamoDB/" + ID + "/data/file" + data.size() + ".json.gz";
    var content = gzipped(lines.stream().map(line -> line + "\n").collect(Collectors.joining()));
    Files.write(root.resolve(key), content);
    data.add(
        "{\"itemCount\":%d,\"md5Checksum\":\"%s\",\"etag\":\"%s-1\",\"dataFileS3Key\":\"exports/%s\"}"
            .formatted(lines.size(), md5(content), "af83d6f217c19b8b", key));
    items += lines.size();
    return this;
  }

  /** The table that it is of; {@code Users} unless said. */
  public ExportFolder ofTable(String name) {
    table = name;
    return this;
  }

  /** Says in the summary that it is in another format than {@code DYNAMODB_JSON}. */
  public ExportFolder inFormat(String name) {
    format = name;
    return this;
  }

  /** The summary says that there are so many more. */
  public ExportFolder claiming(long moreItems) {
    more = moreItems;
    return this;
  }

  /** A data file, by its number. */
  public Path file(int number) {
    return root.resolve("AWSDynamoDB/" + ID + "/data/file" + number + ".json.gz");
  }

  /** Writes the manifests and answers where the summary is. */
  public String manifest() throws IOException {
    var folder = root.resolve("AWSDynamoDB/" + ID);
    Files.writeString(folder.resolve("manifest-files.json"), String.join("\n", data) + "\n");
    var summary = folder.resolve("manifest-summary.json");
    Files.writeString(
        summary,
        """
        {"version":"2020-06-30","exportArn":"arn:aws:dynamodb:us-east-1:123456789012:table/%1$s/export/%2$s",
        "tableArn":"arn:aws:dynamodb:us-east-1:123456789012:table/%1$s","s3Bucket":"ours","s3Prefix":"exports",
        "manifestFilesS3Key":"exports/AWSDynamoDB/%2$s/manifest-files.json","billedSizeBytes":0,
        "itemCount":%3$d,"outputFormat":"%4$s"}"""
            .formatted(table, ID, items + more, format));
    return summary.toString();
  }

  private static byte[] gzipped(String text) throws IOException {
    var out = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(out)) {
      gzip.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return out.toByteArray();
  }

  private static String md5(byte[] content) {
    try {
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance("MD5").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
