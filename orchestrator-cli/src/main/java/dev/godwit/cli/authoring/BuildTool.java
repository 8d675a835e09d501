package dev.godwit.cli.authoring;

import java.util.List;

/** What builds a project of its own. */
enum BuildTool {
  MAVEN("mvn package", "mvn test", "target", "pom.xml"),
  GRADLE("gradle build", "gradle test", "build/libs", "build.gradle settings.gradle");

  private final String build;
  private final String test;
  private final String jars;
  private final String files;

  BuildTool(String build, String test, String jars, String files) {
    this.build = build;
    this.test = test;
    this.jars = jars;
    this.files = files;
  }

  /** The command that compiles, tests and makes the jar. */
  String build() {
    return build;
  }

  /** The command that runs the tests. */
  String test() {
    return test;
  }

  /** The folder that the jar is made in. */
  String jars() {
    return jars;
  }

  /** The folder that is not to be checked in. */
  String output() {
    return jars.split("/", -1)[0];
  }

  /** What says how to build, the main file first. */
  List<String> files() {
    return List.of(files.split(" ", -1));
  }
}
