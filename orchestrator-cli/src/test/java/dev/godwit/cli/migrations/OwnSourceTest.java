package dev.godwit.cli.migrations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.migration.Change;
import dev.godwit.migration.ItemTransform;
import dev.godwit.migration.Migration;
import dev.godwit.migration.Source;
import dev.godwit.migration.Value;
import org.junit.jupiter.api.Test;

class OwnSourceTest {
  private record Of(Source source) implements Migration {
    @Override
    public String id() {
      return "20261126-any";
    }

    @Override
    public String table() {
      return "*";
    }

    @Override
    public String description() {
      return "any";
    }

    @Override
    public ItemTransform up() {
      return (item, context) -> Change.keep();
    }
  }

  /** A request that names one leaves the migration partial: it is the migration's own affair. */
  @Test
  void of_anIndexOrAQuery_isNotNamedInARequestAndIsASelection() {
    var index = new Of(Source.index("byDay"));
    var query = new Of(Source.query(Value.string("a")).ofIndex("byDay"));

    assertThat(OwnSource.of(index)).isEmpty();
    assertThat(OwnSource.of(query)).isEmpty();
    assertThat(OwnSource.isSelection(index)).isTrue();
    assertThat(OwnSource.isSelection(query)).isTrue();
  }

  @Test
  void of_aFile_isNamedAndATableIsNeither() {
    var file = Source.file("s3://ours/items.jsonl");

    assertThat(OwnSource.of(new Of(file))).contains(file);
    assertThat(OwnSource.isSelection(new Of(file))).isFalse();
    assertThat(OwnSource.of(new Of(Source.scan()))).isEmpty();
    assertThat(OwnSource.isSelection(new Of(Source.scan()))).isFalse();
  }
}
