package dev.godwit.cli.console;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * What this is a build of.
 *
 * @param godwit Godwit's own version
 * @param junit the version of JUnit that it was built with
 */
public record Versions(String godwit, String junit) {
  /** Those that the build has written down. */
  public static Versions ofThisBuild() {
    var versions = new Properties();
    try (var in = Versions.class.getResourceAsStream("versions.properties")) {
      if (in == null) {
        throw new IllegalStateException("There is no versions.properties in Godwit");
      }
      versions.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException("The versions cannot be read", e);
    }
    return new Versions(versions.getProperty("godwit"), versions.getProperty("junit"));
  }
}
