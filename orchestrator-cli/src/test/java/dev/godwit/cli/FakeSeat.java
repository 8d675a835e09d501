package dev.godwit.cli;

import dev.godwit.cli.console.Seat;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A terminal whose keys a test presses. */
public final class FakeSeat implements Seat {
  private final int columns;
  private final LinkedBlockingQueue<Integer> pressed = new LinkedBlockingQueue<>();
  private volatile boolean taken;
  private volatile boolean refuses;

  public FakeSeat(int columns) {
    this.columns = columns;
  }

  public FakeSeat refusing() {
    refuses = true;
    return this;
  }

  public void press(String keys) {
    keys.chars().forEach(pressed::add);
  }

  public boolean isTaken() {
    return taken;
  }

  @Override
  public int columns() {
    return columns;
  }

  @Override
  public void changed() {}

  @Override
  public boolean takeKeys() {
    taken = !refuses;
    return taken;
  }

  @Override
  public OptionalInt key(Duration longest) {
    try {
      var key = pressed.poll(longest.toMillis(), TimeUnit.MILLISECONDS);
      return key == null ? OptionalInt.empty() : OptionalInt.of(key);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return OptionalInt.empty();
    }
  }

  @Override
  public void restore() {
    taken = false;
  }
}
