package dev.godwit.cli.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class HtmlPageTest {
  private static final String HOSTILE =
      "</script></style></title><img src=x onerror=alert(1)>&amp;\"'{{x}}\u2028\u2029<!--";

  private static final Pattern DATA =
      Pattern.compile(
          "<script type=\"application/json\" id=\"data\">(.*?)</script>", Pattern.DOTALL);

  @Test
  void of_textsThatLookLikeHtml_areEscapedEverywhere() {
    var html = HtmlPage.of(MadeRun.page(20, HOSTILE));

    assertThat(html).doesNotContain("<img").contains("&lt;img src");
    assertThat(html.split("</title>", -1)).hasSize(2);
    assertThat(html.split("</script>", -1)).as("two elements").hasSize(3);
  }

  @Test
  void of_figuresWithNamesThatLookLikeHtml_areJsonThatEndsNoElement() throws IOException {
    var line = new Part.Line(HOSTILE, List.of(1.5, Double.NaN), false);
    var figures = new Part.Rows("", List.of("a"), List.of(), true);
    var chart = new Part.Chart("c", "", "", HOSTILE, List.of(1.0, 2.0), List.of(line), figures);
    var html =
        HtmlPage.of(
            new Page(
                "t",
                "l",
                Page.Mood.PLAIN,
                List.of(new Page.Section("s", "S", List.of(chart))),
                "f"));

    var data = DATA.matcher(html);
    assertThat(data.find()).isTrue();
    assertThat(data.group(1)).doesNotContain("<", ">", "&", "\u2028", "\u2029");
    var read = new ObjectMapper().readTree(data.group(1)).path("c");
    assertThat(read.path("unit").asText()).isEqualTo(HOSTILE);
    assertThat(read.at("/lines/0/name").asText()).isEqualTo(HOSTILE);
    assertThat(read.at("/lines/0/values")).hasToString("[1.5,null]");
  }

  @Test
  void of_anyPage_namesNothingToLoad() {
    var html = HtmlPage.of(MadeRun.page(20, "words"));

    assertThat(html).contains("default-src 'none'").contains("The MIT License (MIT)");
    assertThat(html)
        .doesNotContainPattern(
            "(?i)<(link|script|img|iframe|object|embed)[^>]+(src|href)=\"(?!data:)")
        .doesNotContainPattern("(?i)@import|url\\(");
  }

  @Test
  void of_aPlaceThatIsNoAddress_isNoLink() {
    var fact =
        new Part.Facts(
            List.of(
                new Part.Fact(
                    "a", "javascript:alert(1)", java.util.Optional.of("javascript:alert(1)")),
                new Part.Fact("b", "there", java.util.Optional.of("https://example.com/?a=\"b"))));
    var html =
        HtmlPage.of(
            new Page(
                "t",
                "l",
                Page.Mood.PLAIN,
                List.of(new Page.Section("s", "S", List.of(fact))),
                "f"));

    assertThat(html).doesNotContain("href=\"javascript").contains("<a href=\"https://example.com/");
  }
}
