package dev.godwit.run.slice;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import dev.godwit.migration.DynamoDbJson;
import dev.godwit.migration.Item;
import dev.godwit.migration.Source;
import dev.godwit.migration.Target;
import dev.godwit.run.Counter;
import dev.godwit.run.Direction;
import dev.godwit.run.Guard;
import dev.godwit.run.Mode;
import dev.godwit.run.SourceJson;
import dev.godwit.run.Tally;
import dev.godwit.run.TargetJson;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Slice requests and results as JSON, the worker's events and answers. Thread-safe. */
public final class SliceJson {
  private static final String STARTED_AT = "startedAt";
  private static final String ATTEMPT = "attempt";
  private static final String ENTERED_AT = "enteredAt";
  private static final String RETRY = "retry";

  private final ObjectMapper json =
      JsonMapper.builder()
          .addModule(new Jdk8Module())
          .addModule(
              new SimpleModule()
                  .addDeserializer(
                      Item.class, fromTree(node -> DynamoDbJson.parse(node.toString())))
                  .addDeserializer(Tally.class, fromTree(SliceJson::tally))
                  .addDeserializer(Timeline.class, fromTree(TimelineJson::read))
                  .addDeserializer(Source.class, fromTree(SourceJson::read))
                  .addDeserializer(GivenSource.class, fromTree(GivenSource::read))
                  .addDeserializer(Target.class, fromTree(TargetJson::read))
                  .addDeserializer(Mode.class, fromTree(node -> Mode.of(node.asText())))
                  .addDeserializer(Direction.class, fromTree(node -> Direction.of(node.asText())))
                  .addDeserializer(Hook.class, fromTree(node -> Hook.of(node.asText())))
                  .addDeserializer(Guard.class, fromTree(node -> Guard.of(node.asText())))
                  .addDeserializer(Instant.class, fromTree(node -> instant(node.asText())))
                  .addSerializer(
                      Item.class, to((item, out) -> out.writeRawValue(DynamoDbJson.format(item))))
                  .addSerializer(Tally.class, to(SliceJson::write))
                  .addSerializer(
                      Timeline.class,
                      to((timeline, out) -> out.writeTree(TimelineJson.write(timeline))))
                  .addSerializer(
                      Source.class, to((source, out) -> out.writeTree(SourceJson.write(source))))
                  .addSerializer(GivenSource.class, to((given, out) -> out.writeTree(given.json())))
                  .addSerializer(
                      Target.class, to((target, out) -> out.writeTree(TargetJson.write(target))))
                  .addSerializer(Mode.class, to((mode, out) -> out.writeString(mode.toString())))
                  .addSerializer(
                      Direction.class,
                      to((direction, out) -> out.writeString(direction.toString())))
                  .addSerializer(Hook.class, to((hook, out) -> out.writeString(hook.toString())))
                  .addSerializer(Guard.class, to((guard, out) -> out.writeString(guard.toString())))
                  .addSerializer(
                      Instant.class, to((instant, out) -> out.writeString(instant.toString()))))
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(
                  JsonInclude.Include.NON_ABSENT, JsonInclude.Include.NON_ABSENT))
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .build();

  /**
   * Reads a slice request. Without a word on which try it is, it is the first.
   *
   * @throws IllegalArgumentException when a field is missing, unknown or out of its range
   */
  public SliceRequest slice(JsonNode event) {
    if (event instanceof ObjectNode fields) {
      fields.putIfAbsent(ATTEMPT, fields.numberNode(0));
      fields.putIfAbsent(RETRY, fields.numberNode(0));
      if (fields.has(STARTED_AT)) {
        fields.putIfAbsent(ENTERED_AT, fields.get(STARTED_AT));
      }
    }
    return value(event, SliceRequest.class, "slice request");
  }

  /**
   * Reads what is asked of a worker before a run begins.
   *
   * @throws IllegalArgumentException when a field is missing or unknown
   */
  public WakeRequest wake(JsonNode event) {
    return value(event, WakeRequest.class, "wake request");
  }

  /**
   * Reads what is asked of a worker once for a run.
   *
   * @throws IllegalArgumentException when a field is missing or unknown
   */
  public HookRequest hook(JsonNode event) {
    return value(event, HookRequest.class, "hook request");
  }

  /**
   * Reads an event.
   *
   * @throws IllegalArgumentException when it is not JSON
   */
  public JsonNode event(InputStream in) throws IOException {
    try {
      return json.readTree(in);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("This is not a slice request: " + reason(e), e);
    }
  }

  private <T extends Record> T value(JsonNode event, Class<T> type, String what) {
    try {
      for (RecordComponent field : type.getRecordComponents()) {
        if (field.getType() != Optional.class && !event.has(field.getName())) {
          throw new IllegalArgumentException(
              "This is not a " + what + ": it has no " + field.getName());
        }
      }
      return json.treeToValue(event, type);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("This is not a " + what + ": " + reason(e), e);
    }
  }

  /** What is wrong, and in which field. */
  private static String reason(JsonProcessingException e) {
    if (e.getCause() instanceof IllegalArgumentException refused) {
      return String.valueOf(refused.getMessage());
    }
    var where =
        e instanceof JsonMappingException mapping
            ? mapping.getPath().stream().map(JsonMappingException.Reference::getFieldName).toList()
            : List.of();
    return where.isEmpty() ? e.getOriginalMessage() : where.get(0) + ": " + e.getOriginalMessage();
  }

  public void write(SliceResult result, OutputStream out) throws IOException {
    out.write(json.writeValueAsBytes(result));
  }

  /** Answers a {@link WakeRequest}. */
  public void write(Woken woken, OutputStream out) throws IOException {
    out.write(json.writeValueAsBytes(woken));
  }

  /** Answers a {@link HookRequest}: it is done. */
  public void writeDone(OutputStream out) throws IOException {
    out.write(json.writeValueAsBytes(Map.of()));
  }

  private static Tally tally(JsonNode node) {
    var counts = new EnumMap<Counter, Double>(Counter.class);
    for (Counter counter : Counter.values()) {
      if (node.has(counter.field())) {
        counts.put(counter, node.get(counter.field()).doubleValue());
      }
    }
    return new Tally(counts);
  }

  /** All counters, so that a definition can add them up without asking which there are. */
  private static void write(Tally tally, JsonGenerator out) throws IOException {
    out.writeStartObject();
    for (Counter counter : Counter.values()) {
      double amount = tally.amount(counter);
      if (amount == Math.rint(amount)) {
        out.writeNumberField(counter.field(), (long) amount);
      } else {
        out.writeNumberField(counter.field(), amount);
      }
    }
    out.writeEndObject();
  }

  private static Instant instant(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "startedAt and enteredAt must be times as in 2026-11-20T09:30:00Z, not \"" + text + "\"",
          e);
    }
  }

  private static <T> JsonDeserializer<T> fromTree(Function<JsonNode, T> read) {
    return new JsonDeserializer<>() {
      @Override
      public T deserialize(JsonParser parser, DeserializationContext context) throws IOException {
        return read.apply(parser.readValueAsTree());
      }
    };
  }

  private static <T> JsonSerializer<T> to(Writer<T> write) {
    return new JsonSerializer<>() {
      @Override
      public void serialize(T value, JsonGenerator out, SerializerProvider provider)
          throws IOException {
        write.write(value, out);
      }
    };
  }

  @FunctionalInterface
  private interface Writer<T> {
    void write(T value, JsonGenerator out) throws IOException;
  }
}
