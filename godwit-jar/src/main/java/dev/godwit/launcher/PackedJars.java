package dev.godwit.launcher;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** The jars that lie in godwit.jar's folder {@code lib}. */
record PackedJars(Cache cache) {
  private static final String FOLDER = "lib/";

  /** All of them as files, in the order of their names. */
  List<Path> unpacked() throws IOException {
    var jars = new ArrayList<Path>();
    try (var all = new ZipFile(own().toFile())) {
      for (ZipEntry entry :
          all.stream()
              .filter(one -> one.getName().startsWith(FOLDER) && one.getName().endsWith(".jar"))
              .sorted(Comparator.comparing(ZipEntry::getName))
              .toList()) {
        // Both numbers are in the directory at the end: a jar that is there need not be read.
        var key = String.format("%08x-%d", entry.getCrc(), entry.getSize());
        var name = entry.getName().substring(FOLDER.length());
        jars.add(cache.file(key, name, () -> all.getInputStream(entry)));
      }
    }
    return jars;
  }

  /** godwit.jar itself, whatever it is called. */
  static Path own() {
    try {
      return Path.of(PackedJars.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException("Every file has a URL", e);
    }
  }
}
