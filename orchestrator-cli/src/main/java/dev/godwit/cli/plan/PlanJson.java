package dev.godwit.cli.plan;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.cli.facts.IndexFacts;
import dev.godwit.cli.facts.TableFacts;
import dev.godwit.cli.facts.Throughput;
import dev.godwit.cli.facts.Told;
import dev.godwit.cli.sample.Interval;
import dev.godwit.cli.sample.Outcome;
import dev.godwit.cli.sample.TableSample;
import dev.godwit.run.text.TerminalText;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.BiConsumer;

/**
 * A plan as one JSON object on one line, for programs. A number with bounds is {@code {"low": …,
 * "estimate": …, "high": …}}. What is unknown is {@code {"unknown": "why"}}; what costs an unknown
 * price has no member {@code dollars}.
 */
public final class PlanJson {
  private PlanJson() {}

  /** The object. */
  public static String of(Plan plan) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("tableName", plan.request().tableName());
    json.put("migration", plan.request().migration());
    json.put("direction", plan.request().direction().toString());
    json.put("at", plan.at().toString());
    table(json.putObject("table"), plan.table());
    var wakes = json.putArray("wakes");
    plan.wakes().forEach(wakes::add);
    work(json.putObject("work"), plan);
    var bills = json.putArray("bills");
    plan.bills().forEach(bill -> bill(bills.addObject(), bill));
    var prices = json.putObject("prices").put("region", plan.prices().region());
    if (plan.prices().areKnown()) {
      prices.put("read", plan.prices().read()).put("source", plan.prices().source());
    }
    var advice = json.putArray("advice");
    plan.advice()
        .forEach(
            suggestion -> {
              var node = advice.addObject().put("option", suggestion.option());
              if (!suggestion.value().isEmpty()) {
                node.put("value", suggestion.value());
              }
              node.put("given", suggestion.isGiven()).put("why", suggestion.why());
            });
    json.put("command", plan.command());
    var checks = json.putArray("checks");
    plan.checks()
        .forEach(
            check ->
                checks
                    .addObject()
                    .put("name", check.name())
                    .put("question", check.question())
                    .put("answer", check.answer().toString())
                    .put("why", check.why()));
    json.put("mayStart", plan.obstacles().isEmpty());
    return TerminalText.ofJson(json.toString());
  }

  private static void table(ObjectNode json, TableFacts table) {
    json.put("region", table.region());
    json.put("status", table.status());
    json.put("items", table.items());
    json.put("bytes", table.bytes());
    json.put("billing", table.isOnDemand() ? "on demand" : "provisioned");
    json.put("infrequentAccess", table.isInfrequentAccess());
    throughput(json.putObject("throughput"), table.throughput());
    texts(json, "keys", table.keys());
    var indexes = json.putArray("indexes");
    for (IndexFacts index : table.indexes()) {
      var node = indexes.addObject();
      node.put("name", index.name()).put("global", index.isGlobal());
      texts(node, "keys", index.keys());
      node.put("projection", index.projection().name());
      texts(node, "projected", index.projected());
      node.put("items", index.items()).put("bytes", index.bytes());
      index.status().ifPresent(status -> node.put("status", status));
      index.throughput().ifPresent(it -> throughput(node.putObject("throughput"), it));
    }
    table.stream()
        .ifPresent(
            stream -> json.putObject("stream").put("arn", stream.arn()).put("view", stream.view()));
    told(
        json,
        "streamReaders",
        table.streamReaders(),
        (node, list) -> texts(node, "functions", list));
    told(json, "kinesis", table.kinesisStreams(), (node, list) -> texts(node, "streams", list));
    var replicas = json.putArray("replicas");
    table
        .replicas()
        .forEach(
            replica ->
                replicas
                    .addObject()
                    .put("region", replica.region())
                    .put("status", replica.status()));
    json.put("stronglyConsistent", table.isStronglyConsistent());
    told(
        json,
        "expiry",
        table.expiry(),
        (node, attribute) -> attribute.ifPresent(name -> node.put("attribute", name)));
    told(
        json,
        "recovery",
        table.recovery(),
        (node, recovery) -> {
          node.put("on", recovery.isOn());
          recovery.days().ifPresent(days -> node.put("days", days));
          recovery.earliest().ifPresent(at -> node.put("earliest", at.toString()));
        });
    told(
        json,
        "scaling",
        table.scaling(),
        (node, targets) -> {
          var array = node.putArray("targets");
          targets.forEach(
              target ->
                  array
                      .addObject()
                      .put("resource", target.resource())
                      .put("dimension", target.dimension())
                      .put("least", target.least())
                      .put("most", target.most())
                      .put("suspended", target.isSuspended()));
        });
    json.put("decreasesToday", table.decreasesToday());
    json.put("deletionProtected", table.isProtected());
    json.put("encryption", table.encryption());
  }

  private static void throughput(ObjectNode json, Throughput throughput) {
    json.put("readUnits", throughput.readUnits()).put("writeUnits", throughput.writeUnits());
    units(json, "warmReadUnits", throughput.warmReadUnits());
    units(json, "warmWriteUnits", throughput.warmWriteUnits());
    units(json, "mostReadUnits", throughput.mostReadUnits());
    units(json, "mostWriteUnits", throughput.mostWriteUnits());
  }

  private static void units(ObjectNode json, String name, OptionalLong units) {
    units.ifPresent(known -> json.put(name, known));
  }

  private static void texts(ObjectNode json, String name, List<String> texts) {
    var array = json.putArray(name);
    texts.forEach(array::add);
  }

  private static <T> void told(
      ObjectNode json, String name, Told<T> told, BiConsumer<ObjectNode, T> known) {
    var node = json.putObject(name);
    told.match(
        value -> {
          known.accept(node, value);
          return node;
        },
        why -> node.put("unknown", why));
  }

  private static void work(ObjectNode json, Plan plan) {
    var sample = plan.sample();
    json.putObject("sample")
        .put("items", sample.items())
        .put("tableItems", sample.tableItems())
        .put("segments", sample.segments())
        .put("totalSegments", sample.totalSegments())
        .put("cutShort", sample.cutShort())
        .put("complete", sample.isComplete())
        .put("readUnits", rounded(sample.readUnits()))
        .put("seed", plan.seed());
    var items = json.putObject("items");
    for (Outcome outcome : Outcome.values()) {
      interval(items, outcome.field(), sample.outcome(outcome));
    }
    var errors = json.putObject("errors");
    sample.errors().forEach(errors::put);
    interval(json, "writeUnits", sample.writeUnits());
    interval(json, "moveUnits", sample.moveUnits());
    interval(json, "writeUnitsWithIndexes", sample.unitsWithIndexes());
    interval(json, "actionUnits", sample.actionUnits());
    interval(json, "readUnits", plan.needs().readUnits());
    interval(json, "stepsCrossed", sample.stepsCrossed());
    interval(json, "growthBytes", sample.growthBytes());
    interval(json, "imageBytes", sample.imageBytes());
    interval(json, "expired", sample.expired());
    json.putObject("sizes")
        .put("before", rounded(sample.sizes().before()))
        .put("after", rounded(sample.sizes().after()))
        .put("largestBefore", sample.sizes().largestBefore())
        .put("largestAfter", sample.sizes().largestAfter());
    json.putObject("spread")
        .put("itemsASegment", rounded(sample.spread().itemsASegment()))
        .put("largestSegment", sample.spread().largestSegment())
        .put("largestCollection", sample.spread().largestCollection());
    json.put("microsAnItem", rounded(sample.microsAnItem()));
    var indexes = json.putArray("indexes");
    for (TableSample.IndexEffects index : sample.indexes()) {
      var node = indexes.addObject().put("name", index.name());
      interval(node, "added", index.added());
      interval(node, "moved", index.moved());
      interval(node, "removed", index.removed());
      interval(node, "rewritten", index.rewritten());
      interval(node, "writeUnits", index.units());
    }
  }

  private static void bill(ObjectNode json, Bill bill) {
    json.put("name", bill.name()).put("ofTheTable", bill.isOfTheTable());
    interval(json, "dollars", bill.dollars());
    json.put("moreThanKnown", bill.isMoreThanKnown());
    var lines = json.putArray("lines");
    for (BillLine line : bill.lines()) {
      var node = lines.addObject().put("what", line.what());
      interval(node, "amount", line.amount());
      node.put("unit", line.unit());
      line.each().ifPresent(each -> node.put("dollarsEach", each));
      line.dollars().ifPresent(dollars -> interval(node, "dollars", dollars));
      node.put("arithmetic", line.arithmetic());
    }
    json.put("seconds", rounded(bill.pace().binding().seconds()));
    json.put("heldBy", bill.pace().binding().name());
    var limits = json.putArray("limits");
    bill.pace()
        .limits()
        .forEach(
            limit ->
                limits
                    .addObject()
                    .put("name", limit.name())
                    .put("seconds", rounded(limit.seconds()))
                    .put("why", limit.why())
                    .put("known", limit.isKnown()));
  }

  private static void interval(ObjectNode json, String name, Interval interval) {
    json.putObject(name)
        .put("low", rounded(interval.low()))
        .put("estimate", rounded(interval.estimate()))
        .put("high", rounded(interval.high()));
  }

  private static BigDecimal rounded(double value) {
    var rounded = new BigDecimal(value).round(MathContext.DECIMAL32).stripTrailingZeros();
    return rounded.scale() < 0 ? rounded.setScale(0) : rounded;
  }
}
