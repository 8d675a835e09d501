package dev.godwit.run.results;

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
 * about to make. The name tells how many there are and which file of its try it is, so that a
 * listing of names shows whether any is gone.
 *
 * <p>Files are written once and never over another: an earlier try may have made some of its
 * writes, and then only its file knows what was there before.
 *
 * @param key its key in the results
 * @param written by which try of which slice
 * @param number its place among the files of that try, from 0 on
 * @param images how many before-images it holds
 */
public record BeforeImageFile(String key, RecordName written, int number, int images) {
  private static final Pattern PART = Pattern.compile("(\\d{6,9})-(\\d{1,9})-[0-9a-f-]+");

  /** A name for the file {@code number} of this try of {@code slice}, unlike any other. */
  public static String name(SliceRequest slice, int number, int images) {
    return RecordName.of(
            slice, String.format(Locale.ROOT, "%06d-%d-%s", number, images, UUID.randomUUID()))
        + ".gz";
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
                          Integer.parseInt(part.group(2))))
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
   * The beginning of the key of a file that is gone: each try counts its files from 0 on. Empty
   * when none is missed; the last files of a try leave no gap.
   */
  public static Optional<String> gap(List<BeforeImageFile> files) {
    Map<String, TreeSet<Integer>> tries = new TreeMap<>();
    for (BeforeImageFile file : files) {
      var folder = file.key.substring(0, file.key.lastIndexOf('/') + 1);
      tries.computeIfAbsent(folder + file.written.ofTry(), any -> new TreeSet<>()).add(file.number);
    }
    for (var written : tries.entrySet()) {
      var numbers = written.getValue();
      for (int number = 0; number < numbers.last(); number++) {
        if (!numbers.contains(number)) {
          return Optional.of(String.format(Locale.ROOT, "%s%06d-…", written.getKey(), number));
        }
      }
    }
    return Optional.empty();
  }
}
