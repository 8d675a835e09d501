package dev.godwit.run.results;

import dev.godwit.run.Counter;
import dev.godwit.run.Tally;
import dev.godwit.run.slice.SliceRequest;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * A file of before-images, by its name: gzipped lines of JSON, one for each write that a slice was
 * about to make. The name tells how many there are, which file of its try it is, and how many the
 * segment had before that slice, so that a listing of names shows whether any is gone.
 *
 * <p>Files are written once and never over another: an earlier try may have made some of its
 * writes, and then only its file knows what was there before.
 *
 * @param key its key in the results
 * @param written by which try of which slice
 * @param number its place among the files of that try, from 0 on
 * @param images how many before-images it holds
 * @param before how many the segment's earlier slices have kept at least
 */
public record BeforeImageFile(String key, RecordName written, int number, int images, long before) {
  private static final Pattern PART =
      Pattern.compile("(\\d{6,9})-(\\d{1,9})-(\\d{1,15})-[0-9a-f]{8}-[0-9a-f-]+");

  /** A name for the file {@code number} of this try of {@code slice}, unlike any other. */
  public static String name(SliceRequest slice, int number, int images) {
    long before = slice.segmentTally().orElse(Tally.ZERO).count(Counter.BEFORE_IMAGES);
    var part =
        String.format(Locale.ROOT, "%06d-%d-%d-%s", number, images, before, UUID.randomUUID());
    return RecordName.of(slice, part) + ".gz";
  }

  /** The file with this key; empty when it is none of these. */
  public static Optional<BeforeImageFile> read(String key) {
    return RecordName.read(key)
        .flatMap(
            name -> {
              var part = PART.matcher(name.part());
              return part.matches()
                  ? Optional.of(
                      new BeforeImageFile(
                          key,
                          name,
                          Integer.parseInt(part.group(1)),
                          Integer.parseInt(part.group(2)),
                          Long.parseLong(part.group(3))))
                  : Optional.empty();
            });
  }

  /**
   * The files of one segment, the last written first, which is the order in which writes are taken
   * back.
   *
   * @param keys of all files in the folder of the segment's before-images
   */
  public static List<BeforeImageFile> lastFirst(List<String> keys) {
    return keys.stream()
        .flatMap(key -> read(key).stream())
        .sorted(Comparator.comparing(BeforeImageFile::key).reversed())
        .toList();
  }

  /**
   * What is missing, for people; empty when nothing is missed. Each try counts its files from 0 on,
   * and each slice tells how many before-images its segment had by then. The last files of a
   * segment that is not finished leave no gap.
   *
   * @param lastFirst the files of one segment, the last written first
   */
  public static Optional<String> gap(List<BeforeImageFile> lastFirst) {
    Map<String, TreeSet<Integer>> tries = new TreeMap<>();
    long kept = 0;
    for (int i = lastFirst.size() - 1; i >= 0; i--) {
      var file = lastFirst.get(i);
      if (kept < file.before) {
        return Optional.of(
            String.format(
                Locale.ROOT,
                "some of the %,d before-images that were kept before %s",
                file.before,
                file.key));
      }
      kept += file.images;
      var folder = file.key.substring(0, file.key.lastIndexOf('/') + 1);
      tries.computeIfAbsent(folder + file.written.ofTry(), any -> new TreeSet<>()).add(file.number);
    }
    for (var written : tries.entrySet()) {
      var numbers = written.getValue();
      for (int number = 0; number < numbers.last(); number++) {
        if (!numbers.contains(number)) {
          return Optional.of(
              String.format(Locale.ROOT, "the file %s%06d-…", written.getKey(), number));
        }
      }
    }
    return Optional.empty();
  }
}
