package dev.godwit.cli.page;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** Chromium without a window, if it is installed. */
public final class Browser implements AutoCloseable {
  /** What to say where it is not. */
  public static final String ABSENT =
      "No page was looked at: there is no chromium with its driver on the PATH."
          + " On Debian: apt-get install chromium chromium-driver";

  private final ChromeDriver driver;

  private Browser(ChromeDriver driver) {
    this.driver = driver;
  }

  /** Starts it; empty where it is not installed. */
  public static Optional<Browser> start() {
    var browser = onPath("chromium", "chromium-browser", "google-chrome");
    var driver = onPath("chromedriver");
    if (browser.isEmpty() || driver.isEmpty()) {
      return Optional.empty();
    }
    var options = new ChromeOptions();
    options.setBinary(browser.get());
    options.addArguments(
        "--headless=new",
        "--no-sandbox", // in a container there is often none
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--disable-background-networking",
        "--hide-scrollbars");
    Logger.getLogger("org.openqa.selenium.devtools")
        .setLevel(Level.SEVERE); // it knows few versions
    var logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    options.setCapability("goog:loggingPrefs", logs);
    var service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(driver.get())
            .usingAnyFreePort()
            .withSilent(true)
            .build();
    return Optional.of(new Browser(new ChromeDriver(service, options)));
  }

  private static Optional<File> onPath(String... names) {
    var path = System.getenv("PATH");
    return Arrays.stream(names)
        .flatMap(
            name ->
                Arrays.stream((path == null ? "" : path).split(File.pathSeparator))
                    .map(folder -> new File(folder, name)))
        .filter(File::canExecute)
        .findFirst();
  }

  /** Opens a file, so wide and in light or dark, and forgets what was told before. */
  public void open(Path file, int width, boolean dark) {
    told();
    size(width, 900);
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of(
            "media",
            "",
            "features",
            List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
    driver.get(file.toUri().toString());
  }

  private void size(int width, int height) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
  }

  /** As if it were printed. */
  public void print() {
    driver.executeCdpCommand("Emulation.setEmulatedMedia", Map.of("media", "print"));
  }

  /** What a script of the test answers. */
  public @Nullable Object ask(String script) {
    return driver.executeScript(script);
  }

  /** The same as text. */
  public String text(String script) {
    return String.valueOf(ask(script));
  }

  public long number(String script) {
    return ((Number) Objects.requireNonNull(ask(script))).longValue();
  }

  /** Presses keys where the focus is. */
  public void press(CharSequence keys) {
    driver.switchTo().activeElement().sendKeys(keys);
  }

  /** All that the page has told its console since it was opened. */
  public List<String> told() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .map(LogEntry::toString)
        .toList();
  }

  /** The whole page as a picture, for who wants to look at it. */
  public void picture(Path file, int width) throws IOException {
    size(width, (int) Math.min(12_000, number("return document.documentElement.scrollHeight")));
    Files.write(file, driver.getScreenshotAs(OutputType.BYTES));
  }

  @Override
  public void close() {
    driver.quit();
  }
}
