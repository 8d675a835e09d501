package dev.godwit.run.results;

import dev.godwit.run.slice.SliceRequest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A file of exported items: those between two places of a segment, as they were when it was
 * written.
 *
 * <p>Tries that overlap, or were under way at once, have left files that overlap as well. From the
 * start of a segment to its end there is a way from file to file, each beginning where the last one
 * ends; whatever way that is, it has each place once.
 *
 * @param key of the file
 * @param from where it begins: {@link #START} or a digest of the place
 * @param to where it ends: {@link #END} or a digest of the place
 */
public record ExportedPart(String key, String from, String to) {
  public static final String START = "start";
  public static final String END = "end";

  /** The name of the file from one place to another that this try of {@code slice} writes. */
  public static String name(SliceRequest slice, String from, String to) {
    return RecordName.of(slice, from + "-" + to) + ".gz";
  }

  private static Optional<ExportedPart> read(String key) {
    return RecordName.read(key)
        .map(RecordName::part)
        .filter(part -> part.indexOf('-') > 0)
        .map(
            part -> {
              int dash = part.indexOf('-');
              return new ExportedPart(key, part.substring(0, dash), part.substring(dash + 1));
            });
  }

  /**
   * The files that have each item once, in the order of their segments.
   *
   * @param keys of all files that a run has exported
   * @param runId the run
   * @param totalSegments how many segments it has
   * @throws IllegalArgumentException when there is no whole way through a segment; names it
   */
  public static List<String> whole(List<String> keys, String runId, int totalSegments) {
    var folders = new HashMap<String, List<ExportedPart>>();
    for (String key : keys) {
      read(key)
          .ifPresent(
              part ->
                  folders
                      .computeIfAbsent(
                          key.substring(0, key.lastIndexOf('/')), any -> new ArrayList<>())
                      .add(part));
    }
    var all = new ArrayList<String>();
    for (int segment = 0; segment < totalSegments; segment++) {
      var folder = ResultsLayout.folder(runId, ResultsLayout.Kind.EXPORT, segment);
      all.addAll(
          way(folders.getOrDefault(folder, List.of()))
              .orElseThrow(
                  () -> new IllegalArgumentException("Of " + folder + " something is missing")));
    }
    return all;
  }

  /** From the start to the end: looked for from the start, along what was written last first. */
  private static Optional<List<String>> way(List<ExportedPart> parts) {
    var from = new HashMap<String, List<ExportedPart>>();
    parts.stream()
        .sorted(Comparator.comparing(ExportedPart::key))
        .forEach(part -> from.computeIfAbsent(part.from, any -> new ArrayList<>()).add(part));
    Map<String, ExportedPart> reachedBy = new LinkedHashMap<>();
    var seen = new HashSet<String>();
    var open = new ArrayDeque<String>();
    seen.add(START);
    open.push(START);
    while (!open.isEmpty() && !seen.contains(END)) {
      for (ExportedPart part : from.getOrDefault(open.pop(), List.of())) {
        if (seen.add(part.to)) {
          reachedBy.put(part.to, part);
          open.push(part.to);
        }
      }
    }
    if (!seen.contains(END)) {
      return Optional.empty();
    }
    var way = new ArrayList<String>();
    for (var part = reachedBy.get(END); part != null; part = reachedBy.get(part.from)) {
      way.add(part.key);
    }
    Collections.reverse(way);
    return Optional.of(way);
  }
}
