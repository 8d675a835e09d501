package dev.godwit.cli;

import dev.godwit.cli.console.Screen;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** A screen whose text can be read. */
public final class TestScreen {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Screen screen;

  private TestScreen(boolean live) {
    screen = Screen.over(out, err, live);
  }

  public static TestScreen plain() {
    return new TestScreen(false);
  }

  public static TestScreen live() {
    return new TestScreen(true);
  }

  public Screen screen() {
    return screen;
  }

  public String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  public String err() {
    return err.toString(StandardCharsets.UTF_8);
  }
}
