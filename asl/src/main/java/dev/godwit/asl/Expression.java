package dev.godwit.asl;

import com.dashjoin.jsonata.JException;
import com.dashjoin.jsonata.Jsonata;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A JSONata expression, parsed once.
 *
 * <p>The library's parsed form may serve only one thread at a time, so it is lent out: a thread
 * that finds none free parses one more, and as many are kept as were ever needed at once.
 */
final class Expression {
  /** {@code $states} in any other way than for its input, result or error output. */
  private static final Pattern CONTEXT =
      Pattern.compile("\\$states(?!\\.(?:input|result|errorOutput)\\b)");

  private final String text;
  private final boolean needsContext;
  private final Set<String> functions;
  private final ConcurrentLinkedQueue<Jsonata> free = new ConcurrentLinkedQueue<>();

  /**
   * @throws JException if it is no JSONata
   */
  Expression(String text) {
    this.text = text;
    this.needsContext = CONTEXT.matcher(text).find();
    this.functions = JsonataFunctions.namedIn(text);
    free.add(parse());
  }

  String text() {
    return text;
  }

  /** The value of {@code $states}, as far as this expression can tell. */
  Map<String, @Nullable Object> statesSeen(Bindings bindings) {
    return bindings.states(needsContext);
  }

  /** The variables that this expression may name. */
  Map<String, JsonNode> variablesSeen(Bindings bindings) {
    return bindings.variables().entrySet().stream()
        .filter(variable -> text.contains("$" + variable.getKey()))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  /**
   * @param field names the place for messages, as Step Functions does: {@code Arguments/Payload}
   * @throws StateFailure {@code States.QueryEvaluationError}, also where the value is undefined,
   *     because JSON cannot say that
   */
  JsonNode evaluate(Bindings bindings, String field) {
    try {
      JsonNode value = value(bindings, field);
      bindings.evaluations().evaluated(this, bindings, Optional.of(value));
      return value;
    } catch (StateFailure e) {
      bindings.evaluations().evaluated(this, bindings, Optional.empty());
      throw e;
    }
  }

  private JsonNode value(Bindings bindings, String field) {
    Jsonata jsonata = free.poll();
    if (jsonata == null) {
      jsonata = parse();
    }
    try {
      @Nullable Object value = jsonata.evaluate(null, frame(jsonata, bindings));
      if (value == null) {
        throw failure(field, "returned nothing (undefined)");
      }
      return JsonataValues.toJson(value);
    } catch (JsonataValues.NotJson e) {
      throw failure(field, "returned " + e.getMessage());
    } catch (StateFailure e) {
      throw e;
    } catch (StackOverflowError e) {
      throw failure(field, "threw an error: it recurses too deeply");
    } catch (RuntimeException e) {
      throw failure(field, "threw an error: " + message(e));
    } finally {
      free.add(jsonata);
    }
  }

  private Jsonata.Frame frame(Jsonata jsonata, Bindings bindings) {
    Jsonata.Frame frame = jsonata.createFrame();
    functions.forEach(name -> frame.bind(name, JsonataFunctions.function(name, bindings.random())));
    variablesSeen(bindings)
        .forEach(
            (name, value) -> {
              @Nullable Object java = JsonataValues.toJava(value);
              frame.bind(name, java == null ? Jsonata.NULL_VALUE : java);
            });
    frame.bind("states", statesSeen(bindings));
    return frame;
  }

  private StateFailure failure(String field, String what) {
    return new StateFailure(
        ErrorNames.QUERY_EVALUATION_ERROR,
        "The JSONata expression '"
            + text
            + "' specified for the field '"
            + field
            + "' "
            + what
            + ".");
  }

  private static String message(RuntimeException e) {
    String message = e.getMessage();
    return e instanceof JException known
        ? known.getError() + ": " + message
        : message == null ? e.getClass().getSimpleName() : message;
  }

  private Jsonata parse() {
    Jsonata jsonata = Jsonata.jsonata(text);
    // Keeps JSON null (NULL_VALUE) and undefined (Java null) apart.
    jsonata.setOutputConvertNulls(false);
    return jsonata;
  }
}
