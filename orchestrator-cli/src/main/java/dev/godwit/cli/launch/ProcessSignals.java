package dev.godwit.cli.launch;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Optional;
import java.util.function.IntConsumer;

/**
 * Hears the signals that end a process.
 *
 * <p>By {@code sun.misc.Signal}, which every JDK has (module jdk.unsupported) and none promises; so
 * it is looked for when it is needed, and may be missing.
 */
final class ProcessSignals {
  private ProcessSignals() {}

  /** Ends the hearing of a signal: it does again what it did before. */
  interface Heard extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Hears the signal {@code name} instead of ending by it.
   *
   * @param name as in {@code INT}
   * @param heard called on a thread of its own, with the signal's number
   * @return empty when it cannot be heard: this system does not have it, the JVM keeps it (-Xrs),
   *     or whoever started this process wants it ignored
   */
  static Optional<Heard> hear(String name, IntConsumer heard) {
    try {
      var signals = Class.forName("sun.misc.Signal");
      var handlers = Class.forName("sun.misc.SignalHandler");
      var number = signals.getMethod("getNumber");
      var handle = signals.getMethod("handle", signals, handlers);
      var signal = signals.getConstructor(String.class).newInstance(name);
      var ours =
          Proxy.newProxyInstance(
              handlers.getClassLoader(),
              new Class<?>[] {handlers},
              (proxy, method, arguments) ->
                  switch (method.getName()) {
                    case "handle" -> {
                      heard.accept((int) number.invoke(arguments[0]));
                      yield null;
                    }
                    case "equals" -> proxy == arguments[0];
                    case "hashCode" -> System.identityHashCode(proxy);
                    default -> "heard by Godwit";
                  });
      var before = handle.invoke(null, signal, ours);
      if (handlers.getField("SIG_IGN").get(null).equals(before)) {
        handle.invoke(null, signal, before);
        return Optional.empty();
      }
      return Optional.of(() -> restore(() -> handle.invoke(null, signal, before)));
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /**
   * Lets the signal {@code name} do nothing.
   *
   * @return empty when that cannot be, as with {@link #hear}
   */
  static Optional<Heard> ignore(String name) {
    try {
      var signals = Class.forName("sun.misc.Signal");
      var handlers = Class.forName("sun.misc.SignalHandler");
      var handle = signals.getMethod("handle", signals, handlers);
      var signal = signals.getConstructor(String.class).newInstance(name);
      var before = handle.invoke(null, signal, handlers.getField("SIG_IGN").get(null));
      return Optional.of(() -> restore(() -> handle.invoke(null, signal, before)));
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private interface Restoring {
    void run() throws IllegalAccessException, InvocationTargetException;
  }

  private static void restore(Restoring restoring) {
    try {
      restoring.run();
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("What could be set can be set back", e);
    }
  }
}
