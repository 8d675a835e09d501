package dev.godwit.infra;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Environment;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.assertions.Template;

/** A stack with {@link TableMigrations} in it, and its template. */
final class Synthesized {
  private static final ObjectMapper JSON = new ObjectMapper();

  final Stack stack;
  final TableMigrations migrations;
  final JsonNode template;

  private Synthesized(Stack stack, TableMigrations migrations) {
    this.stack = stack;
    this.migrations = migrations;
    this.template = JSON.valueToTree(Template.fromStack(stack).toJSON());
  }

  /** With a worker, and the tables {@code Cities} and whatever {@code more} adds. */
  static Synthesized of(Path folder, UnaryOperator<TableMigrationsProps.Builder> more) {
    return of(StackProps.builder().build(), folder, more);
  }

  static Synthesized in(
      String region, Path folder, UnaryOperator<TableMigrationsProps.Builder> more) {
    return of(
        StackProps.builder()
            .env(Environment.builder().account("123456789012").region(region).build())
            .build(),
        folder,
        more);
  }

  /** With what else {@code then} adds to the stack. */
  static Synthesized of(
      Path folder,
      UnaryOperator<TableMigrationsProps.Builder> more,
      BiConsumer<Stack, TableMigrations> then) {
    return of(StackProps.builder().build(), folder, more, then);
  }

  private static Synthesized of(
      StackProps props, Path folder, UnaryOperator<TableMigrationsProps.Builder> more) {
    return of(props, folder, more, (stack, migrations) -> {});
  }

  private static Synthesized of(
      StackProps props,
      Path folder,
      UnaryOperator<TableMigrationsProps.Builder> more,
      BiConsumer<Stack, TableMigrations> then) {
    var stack = new Stack(new App(), "Test", props);
    var builder =
        TableMigrationsProps.builder()
            .workerJar(Placeholder.jar(folder, "worker.jar"))
            .table("Cities");
    var migrations = new TableMigrations(stack, "Migrations", more.apply(builder).build());
    then.accept(stack, migrations);
    return new Synthesized(stack, migrations);
  }

  /** The resources of one type, by logical id. */
  Map<String, JsonNode> all(String type) {
    var found = new LinkedHashMap<String, JsonNode>();
    template
        .get("Resources")
        .properties()
        .forEach(
            entry -> {
              if (entry.getValue().get("Type").asText().equals(type)) {
                found.put(entry.getKey(), entry.getValue());
              }
            });
    return found;
  }

  /** The one resource of a type whose logical id begins so. */
  JsonNode one(String type, String idBeginning) {
    var found =
        all(type).entrySet().stream()
            .filter(entry -> entry.getKey().startsWith(idBeginning))
            .map(Map.Entry::getValue)
            .toList();
    if (found.size() != 1) {
      throw new AssertionError(
          found.size() + " of " + type + " " + idBeginning + "*, of " + all(type).keySet());
    }
    return found.get(0);
  }

  /** The properties of {@link #one}. */
  JsonNode properties(String type, String idBeginning) {
    return one(type, idBeginning).get("Properties");
  }

  /** Every statement that a role is allowed, inline and attached. */
  List<JsonNode> statements(String roleIdBeginning) {
    var statements = new ArrayList<JsonNode>();
    String roleId =
        all("AWS::IAM::Role").keySet().stream()
            .filter(id -> id.startsWith(roleIdBeginning))
            .findFirst()
            .orElseThrow();
    all("AWS::IAM::Policy")
        .values()
        .forEach(
            policy -> {
              for (JsonNode role : policy.get("Properties").get("Roles")) {
                if (role.path("Ref").asText().equals(roleId)) {
                  policy
                      .get("Properties")
                      .get("PolicyDocument")
                      .get("Statement")
                      .forEach(statements::add);
                }
              }
            });
    return statements;
  }

  /** The statement of that Sid. */
  JsonNode statement(String roleIdBeginning, String sid) {
    return statements(roleIdBeginning).stream()
        .filter(statement -> statement.path("Sid").asText().equals(sid))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no statement " + sid));
  }

  static List<String> texts(JsonNode node) {
    var texts = new ArrayList<String>();
    if (node.isArray()) {
      node.forEach(n -> texts.add(n.isTextual() ? n.asText() : n.toString()));
    } else {
      texts.add(node.isTextual() ? node.asText() : node.toString());
    }
    return texts;
  }
}
