package dev.godwit.infra;

import dev.godwit.run.code.CodeDigest;
import io.github.cdklabs.cdknag.AwsSolutionsChecks;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Aspects;

/** The app that deploys one {@link GodwitStack}, as {@code godwit.json} says. */
public final class GodwitApp {
  private GodwitApp() {}

  /**
   * @param args none: the CDK CLI hands over its context, of which {@code config} names the file
   */
  public static void main(String[] args) {
    try {
      synth(new App());
    } catch (InvalidOptions e) {
      System.err.println(e.getMessage());
      System.exit(2);
    }
  }

  static void synth(App app) {
    Object config = app.getNode().tryGetContext("config");
    var options =
        DeploymentOptions.read(
            Path.of(Optional.ofNullable(config).map(Object::toString).orElse("godwit.json")),
            context(app));
    code(options.migrations()).forEach(System.err::println);
    new GodwitStack(app, options);
    Aspects.of(app).add(new AwsSolutionsChecks());
    app.synth();
  }

  /** Which code is deployed: the digest is what {@code godwit migrations} shows. */
  static List<String> code(List<Path> jars) {
    try {
      var lines = new ArrayList<String>();
      for (Path jar : jars) {
        lines.add(
            "Migrations "
                + String.valueOf(jar.getFileName()).replaceFirst("\\.jar$", "")
                + ", code "
                + CodeDigest.shown(CodeDigest.of(jar)));
      }
      return lines;
    } catch (IOException e) {
      throw new InvalidOptions("A jar of migrations cannot be read: " + e.getMessage() + ".", e);
    }
  }

  /** Options that are given on the command line, which win over the file's. */
  private static Map<String, String> context(App app) {
    var found = new java.util.TreeMap<String, String>();
    for (String name : DeploymentOptions.CONTEXT) {
      Object value = app.getNode().tryGetContext(name);
      if (value != null) {
        found.put(name, value.toString());
      }
    }
    return found;
  }
}
