package dev.godwit.infra.deployment;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.infra.deployment.DeploymentNote.Announced;
import dev.godwit.infra.deployment.DeploymentNote.Latest;
import dev.godwit.infra.deployment.DeploymentNote.Phase;
import dev.godwit.infra.deployment.DeploymentNote.Release;
import dev.godwit.infra.deployment.DeploymentNote.Started;
import dev.godwit.infra.deployment.DeploymentNote.Undo;
import dev.godwit.run.ledger.DeploymentItem;
import dev.godwit.run.ledger.LedgerKey;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** A note as an item: docs/ledger.md has its attributes. */
final class NoteItem {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<Map<String, String>> PROPERTIES = new TypeReference<>() {};

  private NoteItem() {}

  /** A key as every request for an item has it. */
  static Map<String, AttributeValue> key(LedgerKey key) {
    return Map.of(
        LedgerKey.PARTITION, AttributeValue.fromS(key.partition()),
        LedgerKey.SORT, AttributeValue.fromS(key.sort()));
  }

  /** Every attribute that a note may have; without a value, it is to be removed. */
  static Map<String, Optional<AttributeValue>> attributes(DeploymentNote note) {
    var all = identity(note);
    var release = note.release();
    all.put(DeploymentItem.BEGUN, release.map(r -> AttributeValue.fromS(r.begun().toString())));
    all.put(DeploymentItem.REQUEST, release.map(r -> request(r.request())));
    all.put(
        DeploymentItem.STARTED,
        release.map(
            r -> AttributeValue.fromL(r.started().stream().map(NoteItem::started).toList())));
    all.put(DeploymentItem.WHY, release.map(r -> AttributeValue.fromS(r.why())));
    all.put(
        DeploymentItem.ANNOUNCED,
        note.announced()
            .map(
                a ->
                    AttributeValue.fromM(
                        Map.of(
                            DeploymentItem.DEPLOYMENT, AttributeValue.fromS(a.deployment()),
                            DeploymentItem.BEGUN, AttributeValue.fromS(a.begun().toString()),
                            DeploymentItem.REQUEST, request(a.request())))));
    all.put(DeploymentItem.LATEST, note.latest().map(NoteItem::latest));
    return all;
  }

  /** What tells one note of a table from another. */
  static Map<String, Optional<AttributeValue>> identity(DeploymentNote note) {
    var all = new LinkedHashMap<String, Optional<AttributeValue>>();
    all.put(
        DeploymentItem.DEPLOYMENT, note.release().map(r -> AttributeValue.fromS(r.deployment())));
    all.put(DeploymentItem.PHASE, note.release().map(r -> AttributeValue.fromS(r.phase().name())));
    all.put(
        DeploymentItem.REVISION, Optional.of(AttributeValue.fromN(Long.toString(note.revision()))));
    return all;
  }

  static DeploymentNote note(Map<String, AttributeValue> item) {
    return new DeploymentNote(
        Optional.ofNullable(item.get(DeploymentItem.ANNOUNCED))
            .map(
                a ->
                    new Announced(
                        text(a.m(), DeploymentItem.DEPLOYMENT),
                        time(a.m(), DeploymentItem.BEGUN),
                        request(a.m()))),
        item.containsKey(DeploymentItem.DEPLOYMENT)
            ? Optional.of(
                new Release(
                    text(item, DeploymentItem.DEPLOYMENT),
                    time(item, DeploymentItem.BEGUN),
                    request(item),
                    Phase.valueOf(text(item, DeploymentItem.PHASE)),
                    value(item, DeploymentItem.STARTED).l().stream()
                        .map(s -> started(s.m()))
                        .toList(),
                    text(item, DeploymentItem.WHY)))
            : Optional.empty(),
        Optional.ofNullable(item.get(DeploymentItem.LATEST)).map(latest -> latest(latest.m())),
        Long.parseLong(value(item, DeploymentItem.REVISION).n()));
  }

  private static AttributeValue started(Started run) {
    var all = new LinkedHashMap<String, AttributeValue>();
    all.put(DeploymentItem.MIGRATION, AttributeValue.fromS(run.migration()));
    all.put(DeploymentItem.RUN_ID, AttributeValue.fromS(run.runId()));
    all.put(DeploymentItem.UNDOABLE, AttributeValue.fromBool(run.undoable()));
    all.put(DeploymentItem.AT, AttributeValue.fromS(run.at().toString()));
    run.undo()
        .ifPresent(
            undo -> {
              all.put(DeploymentItem.UNDONE_BY, AttributeValue.fromS(undo.runId()));
              all.put(DeploymentItem.UNDONE_AT, AttributeValue.fromS(undo.at().toString()));
            });
    return AttributeValue.fromM(all);
  }

  private static Started started(Map<String, AttributeValue> run) {
    return new Started(
        text(run, DeploymentItem.MIGRATION),
        text(run, DeploymentItem.RUN_ID),
        value(run, DeploymentItem.UNDOABLE).bool(),
        time(run, DeploymentItem.AT),
        run.containsKey(DeploymentItem.UNDONE_BY)
            ? Optional.of(
                new Undo(text(run, DeploymentItem.UNDONE_BY), time(run, DeploymentItem.UNDONE_AT)))
            : Optional.empty());
  }

  private static AttributeValue latest(Latest latest) {
    var all = new LinkedHashMap<String, AttributeValue>();
    all.put(DeploymentItem.REQUEST, AttributeValue.fromS(latest.request()));
    all.put(DeploymentItem.BEGUN, AttributeValue.fromS(latest.begun().toString()));
    latest.refusal().ifPresent(why -> all.put(DeploymentItem.REFUSAL, AttributeValue.fromS(why)));
    return AttributeValue.fromM(all);
  }

  private static Latest latest(Map<String, AttributeValue> latest) {
    return new Latest(
        text(latest, DeploymentItem.REQUEST),
        time(latest, DeploymentItem.BEGUN),
        Optional.ofNullable(latest.get(DeploymentItem.REFUSAL)).map(AttributeValue::s));
  }

  private static AttributeValue request(DeploymentRequest request) {
    try {
      return AttributeValue.fromS(JSON.writeValueAsString(request.properties()));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static DeploymentRequest request(Map<String, AttributeValue> item) {
    try {
      return DeploymentRequest.of(JSON.readValue(text(item, DeploymentItem.REQUEST), PROPERTIES));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("The ledger's note of deployments is not readable", e);
    }
  }

  private static Instant time(Map<String, AttributeValue> item, String name) {
    return Instant.parse(text(item, name));
  }

  private static String text(Map<String, AttributeValue> item, String name) {
    String text = value(item, name).s();
    if (text == null) {
      throw new IllegalStateException("The ledger's note of deployments has no text " + name);
    }
    return text;
  }

  private static AttributeValue value(Map<String, AttributeValue> item, String name) {
    var value = item.get(name);
    if (value == null) {
      throw new IllegalStateException("The ledger's note of deployments has no " + name);
    }
    return value;
  }
}
