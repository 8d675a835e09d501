package dev.godwit.asl;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void nameFile() {
    file = folder.resolve("journal.jsonl");
  }

  private static JsonNode number(int n) {
    return JsonNodeFactory.instance.numberNode(n);
  }

  @Test
  void entry_afterReopening_isTheLastStateEnteredWithItsInputAndVariables() {
    try (Journal journal = Journal.open(file)) {
      journal.entered("17", "Scan", number(1), Map.of(), 0);
      journal.entered("17", "Count", number(2), Map.of("v", number(9)), 0);
    }
    try (Journal journal = Journal.open(file)) {
      Journal.Entry entry = journal.entry("17").orElseThrow();
      assertThat(entry.state()).isEqualTo("Count");
      assertThat(entry.input()).isEqualTo(number(2));
      assertThat(entry.variables()).containsEntry("v", number(9));
    }
  }

  @Test
  void open_tornAnywhereInTheLastLine_keepsTheLinesBefore() throws Exception {
    try (Journal journal = Journal.open(file)) {
      journal.entered("", "A", number(1), Map.of(), 0);
      journal.entered("", "B", number(2), Map.of(), 0);
    }
    byte[] whole = Files.readAllBytes(file);
    int firstLine = new String(whole, StandardCharsets.UTF_8).indexOf('\n') + 1;
    for (int length = firstLine; length < whole.length; length++) {
      Files.write(file, java.util.Arrays.copyOf(whole, length));
      try (Journal journal = Journal.open(file)) {
        assertThat(journal.entry("").orElseThrow().state()).as("cut at %d", length).isEqualTo("A");
        journal.entered("", "C", number(3), Map.of(), 0);
      }
      try (Journal journal = Journal.open(file)) {
        assertThat(journal.entry("").orElseThrow().state()).isEqualTo("C");
      }
    }
  }

  @Test
  void open_tornLineLongerThanABlock_isRemoved() throws Exception {
    try (Journal journal = Journal.open(file)) {
      journal.entered("", "A", number(1), Map.of(), 0);
    }
    Files.writeString(file, "x".repeat(20_000), StandardOpenOption.APPEND);
    try (Journal journal = Journal.open(file)) {
      assertThat(journal.entry("").orElseThrow().state()).isEqualTo("A");
    }
  }

  @Test
  void entered_bySurroundingFlow_forgetsWhatWasInside() {
    try (Journal journal = Journal.open(file)) {
      journal.entered("1/P[0]", "X", number(0), Map.of(), 0);
      journal.finished("1/P[1]", number(5));
      journal.mapRun("1", "uuid");
      journal.entered("10", "Y", number(0), Map.of(), 0);
      journal.entered("1", "Next", number(0), Map.of(), 0);
      assertThat(journal.entry("1/P[0]")).isEmpty();
      assertThat(journal.output("1/P[1]")).isEmpty();
      assertThat(journal.mapRunOf("1")).isEmpty();
      assertThat(journal.entry("10")).isPresent();
    }
  }

  @Test
  void rewrite_randomHistories_saysTheSameInFewerBytes() {
    for (long seed = 0; seed < 30; seed++) {
      Random random = new Random(seed);
      Path one = folder.resolve("journal-" + seed);
      Map<String, String> before;
      long size;
      try (Journal journal = Journal.open(one)) {
        for (int i = 0; i < 300; i++) {
          String flow = String.valueOf(random.nextInt(6));
          switch (random.nextInt(6)) {
            case 0 -> journal.forget(flow);
            case 1 -> journal.entered(flow + "/P[0]", "I", number(i), Map.of(), 0);
            case 2 -> journal.finished(flow + "/P[1]", number(i));
            case 3 -> journal.mapRun(flow, "run-" + i);
            case 4 -> journal.redriven(flow, i);
            default -> journal.entered(flow, "S" + i, number(i), Map.of("v", number(i)), 0);
          }
        }
        before = contents(journal);
        size = journal.size();
        journal.rewrite();
        assertThat(contents(journal)).as("seed %d", seed).isEqualTo(before);
        assertThat(journal.size()).isLessThan(size);
        journal.entered("0", "After", number(1), Map.of(), 0);
      }
      try (Journal journal = Journal.open(one)) {
        assertThat(journal.entry("0").orElseThrow().state()).isEqualTo("After");
        before.remove("0");
        Map<String, String> after = contents(journal);
        after.remove("0");
        before.keySet().removeIf(key -> key.startsWith("0/"));
        assertThat(after).as("seed %d", seed).isEqualTo(before);
      }
    }
  }

  private static Map<String, String> contents(Journal journal) {
    Map<String, String> contents = new TreeMap<>();
    for (int i = 0; i < 6; i++) {
      for (String flow : new String[] {i + "", i + "/P[0]", i + "/P[1]"}) {
        Optional<Journal.Entry> entry = journal.entry(flow);
        String all = entry + " " + journal.output(flow) + " " + journal.mapRunOf(flow);
        if (!all.equals("Optional.empty Optional.empty Optional.empty")) {
          contents.put(flow, all);
        }
      }
    }
    return contents;
  }

  @Test
  void write_longHistoryOfFewFlows_keepsTheFileSmall() {
    try (Journal journal = Journal.open(file)) {
      JsonNode input = JsonNodeFactory.instance.textNode("x".repeat(10_000));
      for (int i = 0; i < 5000; i++) {
        journal.entered(String.valueOf(i % 10), "S", input, Map.of(), 0);
      }
      assertThat(journal.size()).as("of 50 MB written").isLessThan(17 << 20);
    }
  }
}
