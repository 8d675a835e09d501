package dev.godwit.cli;

import dev.godwit.cli.console.Screen;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;

/** A screen whose text can be read. */
public final class TestScreen {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Screen screen;

  private TestScreen(boolean live) {
    screen = live ? Screen.live(out, err, new FakeSeat(80)) : Screen.over(out, err);
  }

  private TestScreen(String answers) {
    screen =
        Screen.live(out, err, new FakeSeat(80))
            .answeredBy(new BufferedReader(new StringReader(answers)));
  }

  public static TestScreen plain() {
    return new TestScreen(false);
  }

  public static TestScreen live() {
    return new TestScreen(true);
  }

  /** A terminal before which somebody types {@code answers}. */
  public static TestScreen answering(String answers) {
    return new TestScreen(answers);
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
