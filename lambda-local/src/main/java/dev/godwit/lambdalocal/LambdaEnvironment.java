package dev.godwit.lambdalocal;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.amazonaws.services.lambda.runtime.api.client.AWSLambda;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * One execution environment: a process that runs a function's jar under Lambda's runtime client.
 */
public final class LambdaEnvironment implements AutoCloseable {
  /** The variable that says how an environment is initialized. */
  public static final String INITIALIZATION = "AWS_LAMBDA_INITIALIZATION_TYPE";

  /**
   * As Lambda's runtimes for Java 17 and 21 start the JVM, and that for Java 25 without SnapStart;
   * with it the JVM's own default holds (Lambda developer guide, "Customize Java runtime startup
   * behavior", read 2026-11-26).
   */
  public static final List<String> FIRST_COMPILER = List.of("-XX:TieredStopAtLevel=1");

  private static final String NATIVE_LIBRARY = "jni/libaws-lambda-jni.linux-x86_64.so";

  private final FakeRuntimeApi api;
  private final Process process;
  private final Path log;

  private LambdaEnvironment(FakeRuntimeApi api, Process process, Path log) {
    this.api = api;
    this.process = process;
    this.log = log;
  }

  /**
   * Starts an environment, up to the point where a snapshot would be taken; or, if {@code
   * variables} have another {@value #INITIALIZATION} than snap-start, up to its first invocation.
   *
   * @param folder for its log and its copy of the native library
   * @param function the function's name
   * @param jars its own, and those of its layers
   * @param handler as Lambda is told it: class and method
   * @param variables of the function's environment
   */
  public static LambdaEnvironment start(
      Path folder, String function, List<Path> jars, String handler, Map<String, String> variables)
      throws IOException, InterruptedException {
    return start(
        Path.of(System.getProperty("java.home")),
        FIRST_COMPILER,
        folder,
        function,
        jars,
        handler,
        variables);
  }

  /**
   * As the other, on another Java.
   *
   * @param jdk its folder
   * @param options for its JVM, besides those that every environment here has
   */
  public static LambdaEnvironment start(
      Path jdk,
      List<String> options,
      Path folder,
      String function,
      List<Path> jars,
      String handler,
      Map<String, String> variables)
      throws IOException, InterruptedException {
    var api = new FakeRuntimeApi(function);
    var log = folder.resolve("log.txt");
    var command =
        new ProcessBuilder(
            jdk.resolve("bin").resolve("java").toString(),
            "-Xmx256m",
            "-Dorg.crac.Core.Compat=com.amazonaws.services.lambda.crac",
            "-Dcom.amazonaws.services.lambda.runtime.api.client.runtimeapi.NativeClient.JNI="
                + nativeLibrary(folder),
            "-cp",
            classPath(jars),
            AWSLambda.class.getName(),
            handler);
    command.command().addAll(1, options);
    command.environment().put("AWS_LAMBDA_RUNTIME_API", api.address());
    command.environment().put(INITIALIZATION, "snap-start");
    command.environment().put("AWS_LAMBDA_FUNCTION_NAME", function);
    command.environment().put("AWS_REGION", "us-east-1");
    command.environment().putAll(variables);
    command.redirectErrorStream(true).redirectOutput(log.toFile());
    var environment = new LambdaEnvironment(api, command.start(), log);
    if (!api.awaitInitialized(Duration.ofSeconds(60))) {
      var said = environment.log();
      environment.close();
      throw new AssertionError("The function was not initialized: " + said);
    }
    return environment;
  }

  /** Goes on from the snapshot. */
  public void restore() {
    api.restore();
  }

  /** Invokes the function and waits for what it answers. */
  public Answer invoke(String event, Duration timeout) throws InterruptedException {
    return api.invoke(event, timeout);
  }

  /** Of its process so far. */
  public Duration cpu() {
    return process.info().totalCpuDuration().orElseThrow();
  }

  /** All that it has printed. */
  public String log() throws IOException {
    return Files.readString(log);
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    api.close();
  }

  private static String classPath(List<Path> functions) {
    var jars = new ArrayList<String>();
    functions.forEach(jar -> jars.add(jar.toString()));
    Stream.of(AWSLambda.class, RequestStreamHandler.class, PojoSerializer.class)
        .map(type -> type.getProtectionDomain().getCodeSource().getLocation().getPath())
        .distinct()
        .forEach(jars::add);
    return String.join(File.pathSeparator, jars);
  }

  /** A copy for each process: several that unpack one at the same time crash each other. */
  private static Path nativeLibrary(Path folder) throws IOException {
    var copy = folder.resolve("libaws-lambda-jni.so");
    try (var library = AWSLambda.class.getClassLoader().getResourceAsStream(NATIVE_LIBRARY)) {
      Files.copy(
          Objects.requireNonNull(library, NATIVE_LIBRARY),
          copy,
          StandardCopyOption.REPLACE_EXISTING);
    }
    return copy;
  }
}
