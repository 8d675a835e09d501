package dev.godwit.cli.console;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.jline.terminal.Attributes;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jspecify.annotations.Nullable;

/** The terminal of this process, by JLine and {@code stty}; opened when it is first needed. */
public final class TerminalSeat implements Seat {
  /** Where nobody tells. */
  private static final int COLUMNS = 80;

  private @Nullable Terminal terminal;
  private boolean missing;
  private boolean wanted;
  private boolean taken;
  private @Nullable Attributes asFound;
  private volatile int columns;

  @Override
  public int columns() {
    if (columns == 0) {
      measure();
    }
    return columns;
  }

  private synchronized void measure() {
    columns =
        opened().map(Terminal::getSize).map(Size::getColumns).filter(n -> n > 0).orElse(COLUMNS);
  }

  @Override
  public void changed() {
    columns = 0;
    synchronized (this) {
      if (wanted) {
        take();
      }
    }
  }

  @Override
  public synchronized boolean takeKeys() {
    wanted = true;
    take();
    return taken;
  }

  /** In the background it would be stopped by that; it tries again when it comes to the front. */
  private void take() {
    taken = Foreground.isOurs() && opened().isPresent();
    if (taken && terminal != null) {
      if (asFound == null) {
        asFound = terminal.getAttributes(); // before anything is changed
      }
      terminal.enterRawMode();
    }
  }

  @Override
  public OptionalInt key(Duration longest) {
    @Nullable Terminal open;
    synchronized (this) {
      open = terminal;
      if (!taken) {
        open = null;
      }
    }
    if (open == null) {
      pause(longest);
      return OptionalInt.empty();
    }
    try {
      int key = open.reader().read(longest.toMillis());
      return key < 0 ? OptionalInt.empty() : OptionalInt.of(key);
    } catch (IOException e) {
      synchronized (this) {
        taken = false; // the terminal is gone, or another's just now
      }
      return OptionalInt.empty();
    }
  }

  private static void pause(Duration longest) {
    try {
      TimeUnit.MILLISECONDS.sleep(longest.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public synchronized void restore() {
    wanted = false;
    if (taken && asFound != null && terminal != null) {
      terminal.setAttributes(asFound);
    }
    taken = false;
  }

  private Optional<Terminal> opened() {
    if (terminal == null && !missing) {
      try {
        terminal =
            TerminalBuilder.builder()
                .system(true)
                .systemOutput(TerminalBuilder.SystemOutput.SysErr)
                .provider("exec")
                .dumb(false)
                .nativeSignals(false)
                .build();
      } catch (IOException | IllegalStateException e) {
        missing = true; // lines are 80 columns wide then, and there are no keys
      }
    }
    return Optional.ofNullable(terminal);
  }
}
