package dev.godwit.worker.memory;

import dev.godwit.run.results.RecordName;
import dev.godwit.worker.TableRefused;
import dev.godwit.worker.record.RecordStore;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** A results location in memory; a file is there whole or not at all. */
public final class InMemoryRecords implements RecordStore {
  private final SortedMap<String, byte[]> files = new TreeMap<>();
  private final Steps steps;

  public InMemoryRecords() {
    this(Steps.UNDISTURBED);
  }

  public InMemoryRecords(Steps steps) {
    this.steps = steps;
  }

  @Override
  public void write(String key, byte[] content) {
    steps.step("before a record");
    synchronized (files) {
      files.put(key, content.clone());
    }
    steps.step("after a record");
  }

  @Override
  public byte[] read(String key) {
    synchronized (files) {
      var content = files.get(key);
      if (content == null) {
        throw new TableRefused("There is no record " + key, new IllegalStateException(key));
      }
      return content.clone();
    }
  }

  @Override
  public List<String> list(String prefix) {
    synchronized (files) {
      return files.keySet().stream().filter(key -> key.startsWith(prefix)).toList();
    }
  }

  @Override
  public String address(String key) {
    return "memory:" + key;
  }

  /** Loses the file {@code key}. */
  public void delete(String key) {
    synchronized (files) {
      files.remove(key);
    }
  }

  /** The names of the files below a folder of a run: {@code failures}, {@code deferred} … */
  public List<String> files(String kind) {
    synchronized (files) {
      return files.keySet().stream().filter(key -> key.contains("/" + kind + "/")).toList();
    }
  }

  /** The lines of all these files. */
  public List<String> lines(String kind) {
    return linesOf(files(kind));
  }

  /** The lines of those of these files that no later try has overtaken. */
  public List<String> linesThatCount(String kind) {
    return linesOf(RecordName.thatCount(files(kind)));
  }

  private List<String> linesOf(List<String> names) {
    return names.stream()
        .flatMap(file -> new String(read(file), StandardCharsets.UTF_8).lines())
        .toList();
  }
}
