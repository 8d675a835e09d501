package dev.godwit.asl;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * {@code functions.json}: for each function that a definition calls, expressions and what JSONata's
 * own implementation answers; {@code IndependentJsonataIT} compares the answers with it.
 */
class FunctionsTest {
  private static final Path FUNCTIONS = Path.of("src/test/resources/functions.json");
  private static final Pattern CALL = Pattern.compile("\\$([A-Za-z]\\w*)\\s*\\(");
  private static final Pattern OWN = Pattern.compile("\\$([A-Za-z]\\w*)\\s*:=");
  private static final Pattern PASSED =
      Pattern.compile("\\$([A-Za-z]\\w*)\\b(?!\\s*(?:\\(|:=|\\.))");

  /** What JSONata itself brings (docs.jsonata.org), and Step Functions adds or takes away. */
  private static final List<String> BUILT_IN =
      List.of(
          ("sum count max min average string substring substringBefore substringAfter lowercase"
                  + " uppercase length trim pad match contains replace split join formatNumber"
                  + " formatBase formatInteger parseInteger number floor ceil round abs sqrt power"
                  + " random boolean not map zip filter single reduce sift keys lookup append exists"
                  + " spread merge reverse each error assert type sort shuffle distinct base64encode"
                  + " base64decode encodeUrlComponent encodeUrl decodeUrlComponent decodeUrl eval"
                  + " toMillis fromMillis clone now millis"
                  + " partition range hash uuid parse")
              .split(" "));

  static JsonNode functions() throws IOException {
    return Json.parse(Files.readString(FUNCTIONS));
  }

  @Test
  void definitions_theFunctionsThatTheyUse_areAllCompared() throws IOException {
    var used = new TreeSet<String>();
    for (String name : Definitions.ALL) {
      expressions(Json.parse(Definitions.text(name)))
          .forEach(expression -> used.addAll(functionsOf(expression)));
    }

    var compared = new ArrayList<String>();
    functions().fieldNames().forEachRemaining(compared::add);
    assertThat(compared).isEqualTo(List.copyOf(used));
  }

  @Test
  void functionsOf_anExpression_areThoseThatItCallsOrPassesOnButNotItsOwn() {
    assertThat(functionsOf("($f := function($min) {$min}; $f(1) + $sum($map([1], $string)))"))
        .contains("sum", "map", "string")
        .doesNotContain("f");
  }

  @TestFactory
  Stream<DynamicTest> function_answersAsJsonatasOwnImplementationDoes() throws IOException {
    return functions().properties().stream()
        .flatMap(
            function ->
                Stream.iterate(0, i -> i < function.getValue().size(), i -> i + 1)
                    .map(i -> function.getValue().get(i)))
        .map(
            example ->
                DynamicTest.dynamicTest(
                    example.get("expression").textValue(),
                    () -> assertThat(evaluate(example)).isEqualTo(expected(example))));
  }

  private static String expected(JsonNode example) {
    return example.path("fails").asBoolean()
        ? "fails"
        : Numbers.normal(example.get("answer")).toString();
  }

  private static String evaluate(JsonNode example) {
    Bindings bindings =
        Bindings.of(
            JsonNodeFactory.instance.nullNode(),
            JsonNodeFactory.instance::nullNode,
            Map.of(),
            new Random(1),
            EvaluationListener.NONE);
    try {
      return Numbers.normal(
              new Expression(example.get("expression").textValue()).evaluate(bindings, "Output"))
          .toString();
    } catch (StateFailure e) {
      return "fails";
    }
  }

  private static Set<String> functionsOf(String expression) {
    var found = new TreeSet<String>();
    CALL.matcher(expression).results().forEach(m -> found.add(m.group(1)));
    PASSED
        .matcher(expression)
        .results()
        .map(m -> m.group(1))
        .filter(BUILT_IN::contains)
        .forEach(found::add);
    OWN.matcher(expression).results().forEach(m -> found.remove(m.group(1)));
    return found;
  }

  static List<String> expressions(JsonNode node) {
    var found = new ArrayList<String>();
    if (node.isTextual() && Template.isExpression(node.textValue())) {
      found.add(node.textValue());
    }
    node.forEach(child -> found.addAll(expressions(child)));
    return found;
  }
}
