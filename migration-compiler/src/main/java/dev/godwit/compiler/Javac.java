package dev.godwit.compiler;

import com.sun.source.util.JavacTask;
import com.sun.source.util.TaskEvent;
import com.sun.source.util.TaskListener;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.tools.JavaCompiler;
import javax.tools.StandardLocation;

/**
 * The JDK's own compiler, called in this process. Not to be touched where there is none: it knows
 * classes that come with it.
 */
final class Javac {
  /** The oldest Java that Godwit runs on, here and on Lambda. */
  private static final String RELEASE = "17";

  private static final List<String> OPTIONS =
      List.of(
          "--release",
          RELEASE,
          "-encoding",
          "UTF-8",
          "-proc:none",
          "-implicit:class",
          "-Xprefer:source");

  private Javac() {}

  /**
   * Compiles {@code asked} into {@code output}.
   *
   * @return the classes' binary names, and which source each is from
   * @throws CannotCompile with the compiler's lines when they do not compile
   */
  static SortedMap<String, Path> compile(Compilation asked, Path output, JavaCompiler compiler) {
    var told = new StringWriter();
    var classes = new TreeMap<String, Path>();
    try (var files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8);
        var read = new SourcesInMemory(files, asked.contents())) {
      var shared = asked.shared().map(Sources::folder);
      var sources = List.copyOf(asked.sources().keySet());
      files.setLocationFromPaths(StandardLocation.CLASS_OUTPUT, List.of(output));
      files.setLocationFromPaths(StandardLocation.CLASS_PATH, asked.classPath());
      files.setLocationFromPaths(StandardLocation.SOURCE_PATH, shared.stream().toList());
      var task = (JavacTask) compiler.getTask(told, read, null, OPTIONS, null, read.given(sources));
      task.addTaskListener(
          new TaskListener() {
            @Override
            public void finished(TaskEvent event) {
              if (event.getKind() == TaskEvent.Kind.GENERATE) {
                classes.put(
                    task.getElements().getBinaryName(event.getTypeElement()).toString(),
                    Path.of(event.getSourceFile().toUri()));
              }
            }
          });
      if (!task.call()) {
        throw new CannotCompile(
            "The Java in " + asked.what() + " does not compile: mend what the compiler says above",
            told.toString().lines().toList(),
            null);
      }
      var given = new HashMap<Path, Path>();
      for (Path source : sources) {
        given.put(source.toRealPath(), source);
      }
      for (var type : classes.entrySet()) {
        type.setValue(named(type.getValue().toRealPath(), given, shared));
      }
      return classes;
    } catch (IOException e) {
      throw new CannotCompile("The Java in " + asked.what() + " cannot be compiled (" + e + ")", e);
    }
  }

  /** The compiler names a source by its real path, not by that which it was given. */
  private static Path named(Path real, Map<Path, Path> given, Optional<Path> shared)
      throws IOException {
    var source = given.get(real);
    if (source != null || shared.isEmpty()) {
      return source == null ? real : source;
    }
    return shared.get().resolve(shared.get().toRealPath().relativize(real));
  }
}
