package dev.godwit.cli.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.cli.report.JsonReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.Keys;

/** Pages as people see them, hear them and print them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PageInABrowserTest {
  private static final String HOSTILE =
      "</script><img src=x onerror=alert(1)> & \u2028 {{x}} " + "long".repeat(60);

  /** Where the pictures are, for who wants to look at them. */
  private static final Path PICTURES = Path.of("target", "pages");

  @TempDir private Path folder;
  private @Nullable Browser started;

  @BeforeAll
  void start() throws IOException {
    var found = Browser.start();
    assumeTrue(found.isPresent(), Browser.ABSENT);
    started = found.orElseThrow();
    Files.createDirectories(PICTURES);
  }

  @AfterAll
  void stop() {
    if (started != null) {
      started.close();
    }
  }

  private Browser browser() {
    return Objects.requireNonNull(started);
  }

  private Browser opened(int segments, String words, int width, boolean dark) throws IOException {
    var file = folder.resolve("page.html");
    Files.writeString(file, HtmlPage.of(MadeRun.page(segments, words)));
    browser().open(file, width, dark);
    return browser();
  }

  @ParameterizedTest
  @CsvSource({"360, false", "360, true", "800, false", "800, true", "1400, false", "1400, true"})
  void page_atAnyWidthAndInTheDark_fitsAndDrawsWithoutAWord(int width, boolean dark)
      throws IOException {
    var browser = opened(width == 800 ? 10_000 : 300, "words", width, dark);

    browser.picture(PICTURES.resolve("run-" + width + (dark ? "-dark" : "") + ".png"), width);

    assertThat(browser.text("return document.documentElement.dataset.drawn")).isEqualTo("yes");
    assertThat(browser.told()).isEmpty();
    assertThat(browser.number("return document.documentElement.scrollWidth")).isEqualTo(width);
    assertThat(browser.number("return document.querySelectorAll('.chart canvas').length"))
        .isEqualTo(4);
    assertThat(browser.text("return getComputedStyle(document.body).backgroundColor"))
        .isEqualTo(dark ? "rgb(18, 23, 29)" : "rgb(255, 255, 255)");
    assertThat(browser.number(DRAWN)).as("charts with lines in them").isEqualTo(4);
    assertThat(browser.number("return performance.getEntriesByType('resource').length")).isZero();
  }

  /** Charts of which some pixel has the colour of the first line. */
  private static final String DRAWN =
      """
      const hex = getComputedStyle(document.documentElement).getPropertyValue('--one').trim();
      const want = [1, 3, 5].map(i => parseInt(hex.slice(i, i + 2), 16));
      return [...document.querySelectorAll('.chart canvas')].filter(canvas => {
        const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
        for (let i = 0; i < pixels.length; i += 4)
          if (pixels[i + 3] > 200 && want.every((c, k) => Math.abs(pixels[i + k] - c) < 12)) return true;
        return false;
      }).length;
      """;

  @Test
  void page_figures_areThoseOfTheJsonReport() throws IOException {
    var browser = opened(300, "words", 1_000, false);
    var json = new ObjectMapper().readTree(JsonReport.of(MadeRun.report(300, "words")));
    JsonNode tally = json.path("counted"); // it failed: what was counted is what there is

    assertThat(row("tally", "updated")).isEqualTo(tally.path("updated").asLong());
    for (String counter :
        List.of("scanned", "kept", "updated", "deleted", "conflicts", "readUnits", "writeUnits")) {
      assertThat(Double.parseDouble(cell("tally", words(counter))))
          .as(counter)
          .isEqualTo(tally.path(counter).asDouble());
    }
    assertThat(row("tally", "throttled for one partition"))
        .isEqualTo(tally.path("partitionThrottles").asLong());
    assertThat(row("tally", "failed")).as("by the records").isEqualTo(1_246);
    assertThat(row("failures", "java.lang.NumberFormatException")).isEqualTo(1_234);
    assertThat(browser.text("return document.querySelector('#ran dl').textContent"))
        .contains("20261120-093000-7f3a9c", "302e36f02f10".substring(0, 8), "read-set");
    assertThat(browser.number(area("items", 0)))
        .as("the area below the line, in items")
        .isEqualTo(tally.path("scanned").asLong());
    assertThat(browser.number(area("items", 1))).isEqualTo(tally.path("updated").asLong());
    assertThat(browser.number(column("#items", 4)))
        .as("the same as the table says")
        .isEqualTo(tally.path("scanned").asLong());
    assertThat(
            browser.number(
                "return document.querySelectorAll('#segment-map .cells i.failed').length"))
        .isEqualTo(json.at("/segments/failed").asLong());
  }

  /** What the area below line {@code line} of the chart {@code name} is, rounded. */
  private static String area(String name, int line) {
    return """
        const {seconds, lines} = JSON.parse(document.getElementById('data').textContent)['%s'];
        let area = 0;
        seconds.forEach((at, i) => { if (i + 1 < seconds.length) area += lines[%d].values[i] * (seconds[i + 1] - at); });
        return Math.round(area);
        """
        .formatted(name, line);
  }

  /** The sum over a column, counted from 0, of the table behind a chart. */
  private static String column(String chart, int column) {
    return """
        return [...document.querySelector('%s').closest('figure').querySelectorAll('details tbody tr')]
          .reduce((sum, row) => sum + Number(row.cells[%d].textContent.replaceAll(',', '')), 0);
        """
        .formatted(chart, column);
  }

  private long row(String section, String name) {
    return Math.round(Double.parseDouble(cell(section, name)));
  }

  private String cell(String section, String name) {
    return browser()
        .text(
            """
            return [...document.querySelectorAll('#%s tbody tr')]
              .find(row => row.cells[0].textContent === '%s').cells[1].textContent.replaceAll(',', '');
            """
                .formatted(section, name));
  }

  private static String words(String counter) {
    return counter.replaceAll("([A-Z])", " $1").toLowerCase(Locale.ROOT);
  }

  @Test
  void page_textsThatLookLikeHtml_areShownAsText() throws IOException {
    var browser = opened(50, HOSTILE, 360, false);

    assertThat(browser.told()).isEmpty();
    assertThat(browser.number("return document.documentElement.scrollWidth")).isEqualTo(360);
    assertThat(browser.number("return document.querySelectorAll('img, [onerror]').length"))
        .isZero();
    assertThat(browser.text("return document.getElementById('failures').textContent"))
        .contains(HOSTILE);
    assertThat(browser.text("return document.getElementById('next').textContent"))
        .contains("</script><img src=x onerror=alert(1)>");
  }

  @Test
  void page_scriptThatIsNotItsOwn_isNotRun() throws IOException {
    var file = folder.resolve("page.html");
    var html = HtmlPage.of(MadeRun.page(5, "words"));
    Files.writeString(
        file, html.replace("</main>", "</main><script>document.title = 'taken'</script>"));
    browser().open(file, 800, false);

    assertThat(browser().text("return document.title")).startsWith("20261120-city");
    assertThat(browser().told()).anyMatch(line -> line.contains("Content Security Policy"));
  }

  @Test
  void page_forThoseWhoDoNotSeeIt_saysWhatIsWhat() throws IOException {
    var browser = opened(50, "words", 1_000, false);

    assertThat(
            browser.ask(
                """
                const named = element => (element.getAttribute('aria-label') || '') +
                  (element.getAttribute('aria-labelledby') || '').split(' ').filter(id => id)
                    .map(id => document.getElementById(id).textContent).join(' ');
                const wrong = [];
                document.querySelectorAll('[role=img], section, [role=region], nav').forEach(element => {
                  if (!named(element).trim()) wrong.push('no name: ' + element.outerHTML.slice(0, 80));
                });
                document.querySelectorAll('[role=img]').forEach(element => {
                  const told = document.getElementById(element.getAttribute('aria-describedby'));
                  if (!told || !told.textContent.trim()) wrong.push('not told: ' + element.id);
                  if (!element.closest('figure').querySelector('details')) wrong.push('no table: ' + element.id);
                });
                document.querySelectorAll('input').forEach(input => {
                  if (!input.labels.length) wrong.push('no label: ' + input.outerHTML);
                });
                document.querySelectorAll('table').forEach(table => {
                  if (table.closest('.chart')) return;
                  if (!table.caption && !table.closest('.u-legend')) wrong.push('no caption');
                });
                document.querySelectorAll('main th').forEach(cell => {
                  if (!cell.closest('.chart') && cell.scope !== 'col') wrong.push('no scope: ' + cell.textContent);
                });
                if (document.documentElement.lang !== 'en') wrong.push('no language');
                if (document.querySelectorAll('h1').length !== 1) wrong.push('headlines');
                return wrong;
                """))
        .asInstanceOf(InstanceOfAssertFactories.LIST)
        .isEmpty();
  }

  @Test
  void page_byKeyboardAlone_looksAtSegmentsAndUnfoldsFigures() throws IOException {
    var browser = opened(50, "words", 1_000, false);

    browser.ask("document.querySelector('#segment-map input[type=range]').focus()");
    browser.press(Keys.ARROW_RIGHT);
    browser.press(Keys.ARROW_RIGHT);
    assertThat(browser.text("return document.querySelector('.picked').textContent"))
        .startsWith("Segment 2: succeeded;");
    browser.ask("document.querySelector('#segment-map input[type=radio]').focus()");
    browser.press(Keys.ARROW_RIGHT);
    assertThat(browser.text("return document.querySelector('#segment-map .legend').textContent"))
        .contains("items");
    browser.ask("document.querySelector('#segment-map summary').focus()");
    browser.press(Keys.ENTER);
    var rows = "document.querySelectorAll('#segment-map tbody tr').length";
    assertThat(browser.text("return document.querySelector('details.all').open")).isEqualTo("true");
    assertThat(
            browser.number("return new Promise(done => setTimeout(() => done(" + rows + "), 100))"))
        .isEqualTo(50);
  }

  @Test
  void page_printedInTheDark_isDarkOnWhite() throws IOException {
    var browser = opened(50, "words", 800, true);

    browser.print();

    assertThat(browser.text("return getComputedStyle(document.body).backgroundColor"))
        .isEqualTo("rgb(255, 255, 255)");
    assertThat(browser.text("return getComputedStyle(document.querySelector('nav')).display"))
        .isEqualTo("none");
  }
}
