package dev.godwit.infra;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import software.amazon.awscdk.services.lambda.Architecture;
import software.amazon.awscdk.services.lambda.Code;
import software.amazon.awscdk.services.lambda.LayerVersion;
import software.amazon.awscdk.services.lambda.Runtime;
import software.constructs.Construct;

/**
 * The jars with a deployment's migrations, as a layer of the worker function. Lambda's Java
 * runtimes put what is in {@code java/lib} of a layer on the class path (Lambda developer guide,
 * "Working with layers for Java Lambda functions"; read 2026-11-20).
 */
final class MigrationsLayer extends Construct {
  /**
   * Lambda "requires global read permissions on code files and any dependent libraries", and wants
   * 644 for files (AWS Knowledge Center, "lambda-deployment-package-errors"; read 2026-11-26). CDK
   * packs a file with the permissions that it has here.
   */
  private static final Set<PosixFilePermission> READABLE =
      PosixFilePermissions.fromString("rw-r--r--");

  private final LayerVersion layer;
  private final String contents;

  MigrationsLayer(
      Construct scope, String id, List<Path> jars, Runtime runtime, Architecture architecture) {
    super(scope, id);
    contents = digest(jars);
    Path staged = staged(jars);
    layer =
        LayerVersion.Builder.create(this, "Layer")
            .description("Migrations, and what they need")
            .code(Code.fromAsset(staged.toString()))
            .compatibleRuntimes(List.of(runtime))
            .compatibleArchitectures(List.of(architecture))
            .build();
    delete(staged); // CDK has made its own copy
  }

  LayerVersion layer() {
    return layer;
  }

  /** Changes when a jar changes, and only then. */
  String contents() {
    return contents;
  }

  static String digest(List<Path> jars) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      for (Path jar : jars) {
        digest.update(
            jar.getFileName().toString().getBytes(java.nio.charset.StandardCharsets.UTF_8));
        digest.update(Files.readAllBytes(jar));
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A folder as the layer is to be; its files can be read by everybody, whatever theirs were. */
  private static Path staged(List<Path> jars) {
    try {
      Path folder = Files.createTempDirectory("godwit-layer");
      Path lib = Files.createDirectories(folder.resolve("java/lib"));
      var names = new HashSet<String>();
      for (Path jar : jars) {
        String name = jar.getFileName().toString();
        if (!names.add(name)) {
          throw new InvalidOptions(
              "Two migration jars are named " + name + "; rename one of them.");
        }
        var copy = Files.copy(jar, lib.resolve(name));
        var posix = Files.getFileAttributeView(copy, PosixFileAttributeView.class);
        if (posix != null) {
          posix.setPermissions(READABLE);
        }
      }
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path folder) {
    try (var files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
