package dev.godwit.cli.page;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.Template;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.IntStream;

/**
 * Pages as HTML: one file each that needs nothing else and asks nobody. Texts are escaped by the
 * template's engine; what charts are drawn from is JSON in a script element that is no script.
 * Beside that, the page forbids its browser all scripts and styles but its own, known by their
 * digests, and everything that would go to a network.
 */
public final class HtmlPage {
  private static final String CHARTS = "uplot";
  private static final String CHARTS_POM =
      "/META-INF/maven/org.webjars.npm/" + CHARTS + "/pom.properties";
  private static final String CHARTS_FOLDER = "/META-INF/resources/webjars/" + CHARTS + "/";

  /** Digits after the point that anybody can see in a chart. */
  private static final double DIGITS = 1_000;

  private HtmlPage() {}

  /** The file. */
  public static String of(Page page) {
    var charts = CHARTS_FOLDER + chartsVersion();
    var script = resource(charts + "/dist/uPlot.iife.min.js") + "\n" + own("page.js");
    var style = resource(charts + "/dist/uPlot.min.css") + "\n" + own("page.css");
    var view = new HashMap<String, Object>();
    view.put("title", page.title());
    view.put("lead", page.lead());
    view.put("mood", page.mood().style());
    view.put("foot", page.foot());
    view.put("sections", page.sections().stream().map(HtmlPage::section).toList());
    view.put("script", script);
    view.put("style", style);
    view.put("scriptDigest", digest(script));
    view.put("styleDigest", digest(style));
    view.put("licence", resource(charts + "/LICENSE").replace("--", "- -"));
    view.put("data", data(page));
    return template().execute(view);
  }

  private static Template template() {
    return Mustache.compiler().escapeHTML(true).compile(own("page.mustache"));
  }

  private static Map<String, Object> section(Page.Section section) {
    return Map.of(
        "name",
        section.name(),
        "title",
        section.title(),
        "parts",
        section.parts().stream().map(part -> part.match(new Views(section.title()))).toList());
  }

  /**
   * What the template takes of a part, under the name of its kind.
   *
   * @param title of its section: a caption that says the same is not shown
   */
  private record Views(String title) implements Part.Cases<Map<String, Object>> {
    @Override
    public Map<String, Object> text(Part.Text text) {
      return Map.of("text", text.words());
    }

    @Override
    public Map<String, Object> verbatim(Part.Verbatim verbatim) {
      return Map.of("verbatim", verbatim.words());
    }

    @Override
    public Map<String, Object> facts(Part.Facts facts) {
      return Map.of("facts", Map.of("all", facts.facts().stream().map(HtmlPage::fact).toList()));
    }

    @Override
    public Map<String, Object> rows(Part.Rows rows) {
      return Map.of(rows.folded() ? "folded" : "rows", HtmlPage.rows(rows, title));
    }

    @Override
    public Map<String, Object> chart(Part.Chart chart) {
      return Map.of(
          "chart",
          Map.of(
              "name", chart.name(),
              "caption", chart.caption(),
              "told", chart.told(),
              "figures", HtmlPage.rows(chart.figures(), title)));
    }

    @Override
    public Map<String, Object> heatMap(Part.HeatMap map) {
      return Map.of("map", HtmlPage.map(map));
    }
  }

  private static Map<String, Object> fact(Part.Fact fact) {
    var view = new HashMap<String, Object>();
    view.put("name", fact.name());
    view.put("value", fact.value());
    fact.link()
        .filter(link -> link.startsWith("https://"))
        .ifPresent(link -> view.put("link", Map.of("address", link)));
    return view;
  }

  private static Map<String, Object> rows(Part.Rows rows, String title) {
    return Map.of(
        "caption",
        rows.caption(),
        "alone",
        rows.caption().equals(title),
        "heads",
        IntStream.range(0, rows.heads().size())
            .mapToObj(
                i ->
                    Map.of(
                        "text",
                        rows.heads().get(i),
                        "style",
                        !rows.rows().isEmpty() && rows.rows().get(0).get(i).isNumber()
                            ? "number"
                            : "words"))
            .toList(),
        "lines",
        rows.rows().stream()
            .map(
                row ->
                    Map.of(
                        "cells",
                        row.stream()
                            .map(
                                cell ->
                                    Map.of(
                                        "text",
                                        cell.text(),
                                        "style",
                                        cell.isNumber() ? "number" : "words"))
                            .toList()))
            .toList());
  }

  private static Map<String, Object> map(Part.HeatMap map) {
    return Map.of(
        "name",
        map.name(),
        "caption",
        map.caption(),
        "told",
        map.told(),
        "last",
        map.things().size() - 1,
        "measures",
        IntStream.range(0, map.measures().size())
            .mapToObj(
                i -> Map.of("number", i, "name", map.measures().get(i).name(), "first", i == 0))
            .toList());
  }

  /** What charts and maps are drawn from, by their names. */
  private static String data(Page page) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    for (Page.Section section : page.sections()) {
      for (Part part : section.parts()) {
        part.match(new Drawn(json));
      }
    }
    return inScript(json.toString());
  }

  /** Adds what a part is drawn from, if it is drawn. */
  private record Drawn(ObjectNode json) implements Part.Cases<ObjectNode> {
    @Override
    public ObjectNode text(Part.Text text) {
      return json;
    }

    @Override
    public ObjectNode verbatim(Part.Verbatim verbatim) {
      return json;
    }

    @Override
    public ObjectNode facts(Part.Facts facts) {
      return json;
    }

    @Override
    public ObjectNode rows(Part.Rows rows) {
      return json;
    }

    @Override
    public ObjectNode chart(Part.Chart chart) {
      data(json.putObject(chart.name()), chart);
      return json;
    }

    @Override
    public ObjectNode heatMap(Part.HeatMap map) {
      data(json.putObject(map.name()), map);
      return json;
    }
  }

  private static void data(ObjectNode json, Part.Chart chart) {
    json.put("unit", chart.unit());
    numbers(json.putArray("seconds"), chart.seconds());
    var lines = json.putArray("lines");
    for (Part.Line line : chart.lines()) {
      var node = lines.addObject().put("name", line.name()).put("limit", line.isLimit());
      numbers(node.putArray("values"), line.values());
    }
  }

  private static void data(ObjectNode json, Part.HeatMap map) {
    var measures = json.putArray("measures");
    map.measures()
        .forEach(
            measure ->
                measures.addObject().put("name", measure.name()).put("unit", measure.unit()));
    var things = json.putArray("things");
    for (Part.Thing thing : map.things()) {
      var node = things.addArray().add(thing.name()).add(thing.state()).add(look(thing.look()));
      numbers(node, thing.values());
    }
  }

  /** As the page's script knows it. */
  private static int look(Part.Look look) {
    return switch (look) {
      case MEASURED -> 0;
      case FAILED -> 1;
      case OPEN -> 2;
    };
  }

  private static void numbers(ArrayNode array, List<Double> values) {
    for (double value : values) {
      double rounded = Math.rint(value * DIGITS) / DIGITS;
      if (Double.isNaN(value)) {
        array.addNull();
      } else if (rounded == Math.rint(rounded)) {
        array.add((long) rounded);
      } else {
        array.add(rounded);
      }
    }
  }

  /** The same JSON, without anything that would end the element or a line for some reader. */
  static String inScript(String json) {
    return json.replace("&", "\\u0026")
        .replace("<", "\\u003c")
        .replace(">", "\\u003e")
        .replace("\u2028", "\\u2028")
        .replace("\u2029", "\\u2029");
  }

  private static String digest(String text) {
    try {
      return "sha256-"
          + Base64.getEncoder()
              .encodeToString(
                  MessageDigest.getInstance("SHA-256")
                      .digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }

  /** The jar has it in the names of its folders. */
  private static String chartsVersion() {
    var properties = new Properties();
    try (var in = open(CHARTS_POM)) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.getProperty("version");
  }

  private static String own(String name) {
    return resource("/dev/godwit/cli/page/" + name);
  }

  private static String resource(String name) {
    try (var in = open(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static InputStream open(String name) throws IOException {
    var in = HtmlPage.class.getResourceAsStream(name);
    if (in == null) {
      throw new IOException(name + " is not in this build");
    }
    return in;
  }
}
