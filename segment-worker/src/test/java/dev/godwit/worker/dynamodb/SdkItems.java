package dev.godwit.worker.dynamodb;

import dev.godwit.migration.AttributeType;
import dev.godwit.migration.Item;
import dev.godwit.migration.Value;
import java.util.LinkedHashMap;
import java.util.Map;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Items to and from the SDK's model, apart from the code under test. */
final class SdkItems {
  private SdkItems() {}

  static Map<String, AttributeValue> toSdk(Item item) {
    var values = new LinkedHashMap<String, AttributeValue>();
    item.attributes().forEach((name, value) -> values.put(name, toSdk(value)));
    return values;
  }

  static Item fromSdk(Map<String, AttributeValue> values) {
    var attributes = new LinkedHashMap<String, Value>();
    values.forEach((name, value) -> attributes.put(name, fromSdk(value)));
    return Item.of(attributes);
  }

  private static AttributeValue toSdk(Value value) {
    return switch (value.type()) {
      case S -> AttributeValue.fromS(value.asString());
      case N -> AttributeValue.fromN(((Value.NumberValue) value).text());
      case B -> AttributeValue.fromB(SdkBytes.fromByteArray(value.asBinary()));
      case BOOL -> AttributeValue.fromBool(value.asBoolean());
      case NULL -> AttributeValue.fromNul(true);
      case SS -> AttributeValue.fromSs(value.asStringSet().stream().toList());
      case NS ->
          AttributeValue.fromNs(
              ((Value.NumberSetValue) value)
                  .numbers().stream().map(Value.NumberValue::text).toList());
      case BS ->
          AttributeValue.fromBs(value.asBinarySet().stream().map(SdkBytes::fromByteArray).toList());
      case L -> AttributeValue.fromL(value.asList().stream().map(SdkItems::toSdk).toList());
      case M -> AttributeValue.fromM(toSdk(Item.of(value.asMap())));
    };
  }

  private static Value fromSdk(AttributeValue value) {
    return switch (AttributeType.valueOf(
        value.type() == AttributeValue.Type.NUL ? "NULL" : value.type().name())) {
      case S -> Value.string(value.s());
      case N -> new Value.NumberValue(value.n());
      case B -> Value.binary(value.b().asByteArray());
      case BOOL -> Value.bool(value.bool());
      case NULL -> Value.nothing();
      case SS -> Value.stringSet(value.ss());
      case NS -> new Value.NumberSetValue(value.ns().stream().map(Value.NumberValue::new).toList());
      case BS -> Value.binarySet(value.bs().stream().map(SdkBytes::asByteArray).toList());
      case L -> Value.list(value.l().stream().map(SdkItems::fromSdk).toList());
      case M -> Value.map(fromSdk(value.m()).attributes());
    };
  }
}
