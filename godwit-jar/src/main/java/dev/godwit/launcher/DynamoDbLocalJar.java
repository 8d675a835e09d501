package dev.godwit.launcher;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * Amazon's DynamoDB Local, the one jar that is not in godwit.jar: its licence lets nobody pass it
 * on. So each machine gets it from where Amazon publishes it, Maven Central, when it is first
 * needed. What it needs itself is in godwit.jar.
 *
 * @param path within a Maven repository
 * @param sha256 of the jar that Godwit was built with, in hex; no other is taken
 * @param central the address of Maven Central
 */
record DynamoDbLocalJar(String path, String sha256, String central) {
  private static final int TIMEOUT_MILLIS = 30_000;

  /** Whether a command needs it. */
  enum Need {
    NONE,
    /** It may: tests decide that themselves. */
    PERHAPS,
    NOT_WITHOUT
  }

  /** What {@code arguments} ask for needs it. */
  static Need neededBy(String... arguments) {
    var given = List.of(arguments);
    if (given.contains("--help") || given.contains("-h") || given.contains("--version")) {
      return Need.NONE;
    }
    var command = given.isEmpty() ? "" : given.get(0);
    return switch (command) {
      case "demo" -> Need.NOT_WITHOUT;
      case "test" -> Need.PERHAPS;
      default -> Need.NONE;
    };
  }

  /** The one that Godwit was built with. */
  static DynamoDbLocalJar described() throws IOException {
    var properties = new Properties();
    try (var in = DynamoDbLocalJar.class.getResourceAsStream("dynamodb-local.properties")) {
      properties.load(in);
    }
    return new DynamoDbLocalJar(
        properties.getProperty("path"),
        properties.getProperty("sha256"),
        properties.getProperty("repository"));
  }

  /**
   * The jar in {@code cache}; where it is not yet there, it is taken from this machine's Maven
   * repository or else fetched.
   *
   * @param environment {@code GODWIT_MAVEN_REPOSITORY} names another repository than Central: a
   *     folder, or an address
   * @param told learns when something is fetched
   * @throws IOException with a sentence that says what to do, when there is none to be had
   */
  Path in(Cache cache, Map<String, String> environment, PrintStream told) throws IOException {
    return cache.file(
        sha256,
        name(),
        () -> {
          var here = Path.of(System.getProperty("user.home"), ".m2", "repository").resolve(path);
          if (Files.isReadable(here)) {
            var jar = Files.readAllBytes(here);
            if (sha256.equals(digest(jar))) {
              return new ByteArrayInputStream(jar);
            }
          }
          return fetched(environment.getOrDefault("GODWIT_MAVEN_REPOSITORY", ""), cache, told);
        });
  }

  private InputStream fetched(String repository, Cache cache, PrintStream told) throws IOException {
    var address = address(repository.isBlank() ? central : repository);
    told.println(
        "Fetching "
            + name()
            + " once, from "
            + address
            + ". It is Amazon's, under Amazon's licence (LICENSE.txt in it); it goes to "
            + cache.folder());
    byte[] jar;
    try (var read = opened(address)) {
      jar = read.readAllBytes();
    } catch (IOException e) {
      throw new IOException(
          "DynamoDB Local cannot be fetched from "
              + address
              + " ("
              + e
              + "); mend the connection, give a proxy with java -Dhttps.proxyHost=HOST"
              + " -Dhttps.proxyPort=PORT, or name a Maven repository that has it in"
              + " GODWIT_MAVEN_REPOSITORY",
          e);
    }
    if (!sha256.equals(digest(jar))) {
      throw new IOException(
          "What "
              + address
              + " answers is not the DynamoDB Local that Godwit was built with; it was not taken."
              + " Name another Maven repository in GODWIT_MAVEN_REPOSITORY");
    }
    return new ByteArrayInputStream(jar);
  }

  private URI address(String repository) {
    var base =
        repository.matches("[A-Za-z]{2,}:.*") // one letter is a drive
            ? repository
            : Path.of(repository).toUri().toString();
    return URI.create(base.endsWith("/") ? base + path : base + "/" + path);
  }

  private static InputStream opened(URI address) throws IOException {
    var connection = address.toURL().openConnection();
    connection.setConnectTimeout(TIMEOUT_MILLIS);
    connection.setReadTimeout(TIMEOUT_MILLIS);
    return connection.getInputStream();
  }

  private String name() {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private static String digest(byte[] jar) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(jar));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }
}
