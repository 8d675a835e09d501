package dev.godwit.worker.source;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.migration.Source;
import dev.godwit.worker.TableRefused;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What an export of DynamoDB to S3 consists of: developer guide, "DynamoDB table export output
 * format"; read 2026-11-26.
 *
 * @param files its data files
 * @param seen the bytes of its two manifests, which no export writes twice
 */
record ExportManifest(List<DataFile> files, String seen) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Where an export's own folders begin, below whatever prefix. */
  private static final String ROOT = "AWSDynamoDB/";

  private static final String FORMAT = "DYNAMODB_JSON";

  /** A line has 200 bytes: those of a million files. */
  private static final long MOST_BYTES = 256L << 20;

  ExportManifest {
    files = List.copyOf(files);
  }

  /**
   * Reads the manifests of {@code export}.
   *
   * @param table the table that it must be of
   * @throws TableRefused when it is not, is none, or does not add up; the message says why
   */
  static ExportManifest of(Source.Export export, String table, SourceFiles places) {
    var summaryText = whole(places, export.manifest());
    var summary = new Summary(export.manifest(), object(export.manifest(), summaryText));
    summary.check(table);
    var filesAt = summary.filesAt();
    var filesText = whole(places, filesAt);
    var files = new ArrayList<DataFile>();
    long items = 0;
    try (MappingIterator<JsonNode> lines = JSON.readerFor(JsonNode.class).readValues(filesText)) {
      while (lines.hasNextValue()) {
        var line = new Summary(filesAt, lines.nextValue());
        var file =
            new DataFile(
                summary.beside(line.text("dataFileS3Key")),
                line.number("itemCount"),
                line.text("md5Checksum"),
                line.text("etag"));
        items += file.items();
        files.add(file);
      }
    } catch (IOException e) {
      throw new TableRefused(filesAt + " is no manifest of files: it is not JSON", e);
    }
    if (items != summary.number("itemCount")) {
      throw refused(
          export.manifest()
              + " says that the export has "
              + summary.number("itemCount")
              + " items, and its data files have "
              + items
              + " by "
              + filesAt
              + ": the export is not whole. Nothing was read");
    }
    return new ExportManifest(files, Digests.sha256(summaryText) + Digests.sha256(filesText));
  }

  private static byte[] whole(SourceFiles places, String location) {
    var file = places.find(location).get(0);
    if (file.bytes() > MOST_BYTES) {
      throw refused(location + " is too large for a manifest");
    }
    var all = new ByteArrayOutputStream();
    var blocks = new Blocks(places, file, 0);
    while (blocks.hasMore()) {
      all.write(blocks.bytes(), blocks.from(), blocks.left());
      blocks.skip(blocks.left());
    }
    return all.toByteArray();
  }

  private static JsonNode object(String location, byte[] text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new TableRefused(location + " is no manifest: it is not JSON", e);
    } catch (IOException e) {
      throw new IllegalStateException("Memory does not fail to be read", e);
    }
  }

  private static TableRefused refused(String why) {
    return new TableRefused(why, new IllegalArgumentException(why));
  }

  /** The summary, or a line about a file. */
  private record Summary(String location, JsonNode json) {
    void check(String table) {
      var tableArn = text("tableArn");
      if (!tableArn.endsWith(":table/" + table)) {
        throw refused(
            location
                + " is of an export of another table, "
                + tableArn
                + ", not of "
                + table
                + ". Nothing was read");
      }
      var format = text("outputFormat");
      if (!format.equals(FORMAT)) {
        throw refused(
            location
                + " is of an export in the format "
                + format
                + "; export the table as "
                + FORMAT
                + ". Nothing was read");
      }
    }

    String filesAt() {
      return beside(text("manifestFilesS3Key"));
    }

    /** The place of a key of the export's, wherever the export has been copied to. */
    String beside(String key) {
      int ours = location.lastIndexOf(ROOT);
      int theirs = key.lastIndexOf(ROOT);
      if (ours < 0 || theirs < 0) {
        throw refused(
            location
                + " is not in a folder "
                + ROOT
                + ", as an export is; copy it with its folders");
      }
      return location.substring(0, ours) + key.substring(theirs);
    }

    String text(String name) {
      var value = json.path(name);
      if (!value.isTextual()) {
        throw refused(location + " is no manifest of an export: it has no " + name);
      }
      return value.textValue();
    }

    long number(String name) {
      var value = json.path(name);
      if (!value.canConvertToLong() || !value.isIntegralNumber()) {
        throw refused(location + " is no manifest of an export: it has no " + name);
      }
      return value.longValue();
    }
  }
}
