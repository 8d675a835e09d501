package dev.godwit.asl;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Where the items of a Map Run come from: the state itself, a listing, or an object's content. */
abstract class ItemSource {
  /** {@code $states.context.Map.Item.Source}. */
  abstract String name();

  /** Copies the items into the Map Run's folder, one at a time. */
  abstract int writeTo(MapRunFolder folder);

  static ItemSource of(Visit visit, MapState.Fields fields) {
    if (fields.itemReader().isEmpty()) {
      return new FromState(MapSettings.items(visit, fields));
    }
    return new FromStore(visit, fields.itemReader().get());
  }

  private static final class FromState extends ItemSource {
    private final List<MapItem> items;

    FromState(List<MapItem> items) {
      this.items = items;
    }

    @Override
    String name() {
      return MapItem.FROM_STATE;
    }

    @Override
    int writeTo(MapRunFolder folder) {
      try {
        folder.writeItems(items.iterator());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return items.size();
    }
  }

  private static final class FromStore extends ItemSource {
    private final Visit visit;
    private final MapState.ItemReader reader;
    private final String bucket;
    private final String key;
    private int count;

    FromStore(Visit visit, MapState.ItemReader reader) {
      this.visit = visit;
      this.reader = reader;
      JsonNode arguments = reader.arguments().evaluate(visit.bindings());
      this.bucket = text(arguments, "Bucket");
      this.key = reader.listing() ? arguments.path("Prefix").asText("") : text(arguments, "Key");
    }

    private static String text(JsonNode arguments, String name) {
      if (!arguments.path(name).isTextual()) {
        throw new StateFailure(
            ErrorNames.QUERY_EVALUATION_ERROR,
            "The field 'ItemReader/Arguments/" + name + "' must be a string.");
      }
      return arguments.get(name).textValue();
    }

    @Override
    String name() {
      return "S3://" + bucket + "/" + key;
    }

    @Override
    int writeTo(MapRunFolder folder) {
      long most =
          reader
              .maxItems()
              .map(t -> t.evaluate(visit.bindings()).longValue())
              .filter(n -> n > 0)
              .orElse(Long.MAX_VALUE);
      try {
        if (reader.listing()) {
          try (Stream<ObjectStore.Listed> listed =
              visit.unit().parts().objects().list(bucket, key)) {
            write(folder, listed.map(FromStore::json).iterator(), most);
          }
        } else {
          try (InputStream in = visit.unit().parts().objects().read(bucket, key)) {
            write(folder, content(in), most);
          }
        }
      } catch (IOException | UncheckedIOException e) {
        throw failed(e.getClass().getSimpleName() + ": " + e.getMessage());
      }
      return count;
    }

    private void write(MapRunFolder folder, Iterator<JsonNode> values, long most)
        throws IOException {
      folder.writeItems(
          new Iterator<>() {
            @Override
            public boolean hasNext() {
              return count < most && values.hasNext();
            }

            @Override
            public MapItem next() {
              return new MapItem(count++, Optional.empty(), values.next());
            }
          });
    }

    /** As ListObjectsV2 describes an object. */
    private static JsonNode json(ObjectStore.Listed listed) {
      return JsonNodeFactory.instance
          .objectNode()
          .put("Etag", listed.etag())
          .put("Key", listed.key())
          .put("LastModified", listed.lastModified().getEpochSecond())
          .put("Size", listed.bytes())
          .put("StorageClass", "STANDARD");
    }

    private Iterator<JsonNode> content(InputStream in) throws IOException {
      if (reader.lines()) {
        return checked(Json.MAPPER.readerFor(JsonNode.class).readValues(in));
      }
      JsonNode array = Json.MAPPER.readTree(in);
      if (!array.isArray()) {
        throw failed("The object " + name() + " holds no JSON array.");
      }
      return array.iterator();
    }

    private Iterator<JsonNode> checked(MappingIterator<JsonNode> values) {
      return new Iterator<>() {
        @Override
        public boolean hasNext() {
          try {
            return values.hasNextValue();
          } catch (IOException e) {
            throw broken(e);
          }
        }

        @Override
        public JsonNode next() {
          try {
            return values.nextValue();
          } catch (IOException e) {
            throw broken(e);
          }
        }
      };
    }

    private StateFailure broken(IOException e) {
      String what =
          e instanceof JsonProcessingException json
              ? json.getOriginalMessage()
              : String.valueOf(e.getMessage());
      return failed("The object " + name() + " is not JSON lines: " + what);
    }

    private static StateFailure failed(String cause) {
      return new StateFailure(ErrorNames.ITEM_READER_FAILED, cause);
    }
  }
}
