package dev.godwit.cli.results;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** The files of a results location: a bucket, or a folder laid out like one. */
public interface ResultFiles {
  /** The names of all files that begin with {@code prefix}, in order. */
  List<String> under(String prefix) throws IOException;

  /** The names of the folders right below {@code folder}, which ends with a slash; in order. */
  List<String> foldersIn(String folder) throws IOException;

  /** Whether what is read is known to be what was written. */
  boolean isChecked();

  InputStream read(String name) throws IOException;

  /** Writes a file, whole or not at all; one that is there is written over. */
  void write(String name, byte[] content) throws IOException;
}
