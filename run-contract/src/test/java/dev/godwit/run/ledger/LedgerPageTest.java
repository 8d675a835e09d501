package dev.godwit.run.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whether {@code docs/ledger.md} tells of every name there is. */
class LedgerPageTest {
  private static final Path PAGE = Path.of("../docs/ledger.md");

  @ParameterizedTest
  @ValueSource(
      classes = {
        LedgerKey.class,
        RunItem.class,
        RateItem.class,
        LeaseItem.class,
        HistoryItem.class,
        ByHandItem.class,
        DeploymentItem.class,
        ExportRecord.class
      })
  void page_everyNameOfAnItem_isOnIt(Class<?> item) throws Exception {
    var page = Files.readString(PAGE);
    var missing = new TreeSet<String>();
    for (var field : item.getFields()) {
      if (field.get(item) instanceof String name && !page.contains("`" + name)) {
        missing.add(name);
      }
    }

    assertThat(missing).isEmpty();
  }
}
