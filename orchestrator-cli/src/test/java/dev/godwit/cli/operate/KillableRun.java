package dev.godwit.cli.operate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.cli.ledger.Ledger;
import dev.godwit.run.Counter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;

/**
 * The run {@code r}, whose processes are killed.
 *
 * @param folder where they run
 */
record KillableRun(Path folder, Ledger ledger) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Items, as the ledger has them by now. */
  double scanned() {
    return ledger.run("r").map(run -> run.counted().amount(Counter.SCANNED)).orElse(0.0);
  }

  /**
   * So that each process gets somewhere before it is killed. The ledger is asked, for one item: a
   * count of the whole table would keep DynamoDB Local from answering the run.
   */
  void awaitMoreThan(double scanned, GodwitProcess process) {
    Awaitility.await()
        .atMost(Duration.ofMinutes(3))
        .pollInterval(Duration.ofMillis(50))
        .untilAsserted(
            () ->
                assertThat(scanned() > scanned || !process.isAlive())
                    .as("more than %s scanned, or ended: %s", scanned, process.told())
                    .isTrue());
  }

  /** Goes on where it stood, to its end. */
  void redrive() throws Exception {
    var last = GodwitProcess.start(folder, List.of("redrive", "r", "--output=json"));
    assertThat(last.await()).as(last.told()).isZero();
  }

  JsonNode report() throws Exception {
    var report = GodwitProcess.start(folder, List.of("report", "r", "--output=json"));
    assertThat(report.await()).as(report.told()).isZero();
    return JSON.readTree(report.told().lines().findFirst().orElseThrow());
  }
}
