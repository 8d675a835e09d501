package dev.godwit.cli.engine;

import dev.godwit.asl.Engine;
import dev.godwit.asl.Execution;
import dev.godwit.asl.ExecutionStatus;
import dev.godwit.cli.lifecycle.Settling;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** The settling that commands do themselves, in made-up time. */
public final class VirtualSettling {
  private VirtualSettling() {}

  /**
   * @param carrying gives an engine its time and its services
   * @param now made-up time
   * @param pause lets it pass
   */
  public static Settling in(
      Path home,
      String ledgerTable,
      UnaryOperator<Engine.Builder> carrying,
      Supplier<Instant> now,
      Consumer<Duration> pause) {
    return new EmbeddedSettling(
        () -> tasks(carrying),
        ledgerTable,
        Optional.of(home),
        new EmbeddedSettling.Patience() {
          @Override
          public Instant now() {
            return now.get();
          }

          @Override
          public boolean await(Execution settled, Duration longest) {
            if (settled.status() == ExecutionStatus.RUNNING) {
              pause.accept(longest);
            }
            return settled.status() != ExecutionStatus.RUNNING;
          }
        });
  }

  private static EngineTasks tasks(UnaryOperator<Engine.Builder> carrying) {
    return new EngineTasks() {
      @Override
      public Engine.Builder on(Engine.Builder builder) {
        return carrying.apply(builder);
      }

      @Override
      public void close() {}
    };
  }
}
