package dev.godwit.cli.operate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.dynamodblocal.LocalDynamoDb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** Pages about real runs, over a DynamoDB Local. */
class ReportPageTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FIRST = "20261101-first";
  private static final String UNRULY = "20261102-unruly";
  private static final int ITEMS = 60;
  private static final LocalDynamoDb DYNAMO_DB = LocalDynamoDb.inMemory();
  private static final DynamoDbClient CLIENT = DYNAMO_DB.client();

  private static final Pattern DATA = Pattern.compile("id=\"data\">(.*?)</script>", Pattern.DOTALL);

  /** One for all tests: what was compiled stays so. */
  @TempDir static Path home;

  @BeforeEach
  void fill() {
    Tasks.fill(DYNAMO_DB, CLIENT, "Tasks", ITEMS);
    OwnMigrations.deleteAll(home.resolve("results"));
    OwnMigrations.deleteAll(home.resolve("migrations"));
    var migrations = new OwnMigrations(home.resolve("migrations"));
    migrations.add(FIRST, "Tasks", "first", "1");
    migrations.write(
        UNRULY,
        "Tasks",
        "item.string(\"id\").endsWith(\"7\") ? Change.replace(item.with(\"n\", new java.math.BigDecimal(item.string(\"title\")))) : Change.replace(item.with(\"unruly\", 1))");
  }

  @AfterEach
  void deleteTables() throws IOException {
    Files.deleteIfExists(home.resolve("page.html"));
    for (String name : CLIENT.listTables().tableNames()) {
      CLIENT.deleteTable(delete -> delete.tableName(name));
    }
  }

  @AfterAll
  static void stop() {
    CLIENT.close();
    DYNAMO_DB.close();
  }

  private static Commands.Said run(String migration, String... more) {
    var all =
        new ArrayList<>(
            List.of(
                "--local",
                "--table=Tasks",
                "--segments=4",
                "--run-id=r",
                "--migration=" + migration));
    all.addAll(List.of(more));
    return new Commands(DYNAMO_DB, home).godwit("run", all.toArray(String[]::new));
  }

  private static Commands.Said report(String... more) {
    var all = new ArrayList<>(List.of("r"));
    all.addAll(List.of(more));
    return new Commands(DYNAMO_DB, home).looking("report", all.toArray(String[]::new));
  }

  private static Path beside(String name) {
    return home.resolve("results/results/runs/r").resolve(name);
  }

  private static JsonNode data(Path page) throws IOException {
    var data = DATA.matcher(Files.readString(page));
    assertThat(data.find()).isTrue();
    return JSON.readTree(data.group(1));
  }

  /** What the area below a line of a chart is. */
  private static long area(JsonNode chart, int line) {
    double area = 0;
    for (int i = 0; i + 1 < chart.path("seconds").size(); i++) {
      area +=
          chart.path("lines").path(line).path("values").path(i).asDouble()
              * (chart.path("seconds").path(i + 1).asDouble()
                  - chart.path("seconds").path(i).asDouble());
    }
    return Math.round(area);
  }

  private static long sum(JsonNode map, int measure) {
    return StreamSupport.stream(map.path("things").spliterator(), false)
        .mapToLong(thing -> thing.path(3 + measure).asLong())
        .sum();
  }

  @Test
  void run_thatEndsHere_leavesAPageBesideItsResultsWithTheFiguresOfTheReport() throws IOException {
    var ended = run(UNRULY, "--item-failures-allowed=100", "--output=json");

    assertThat(ended.exit()).as(ended.err()).isZero();
    assertThat(JSON.readTree(ended.out()).path("report").asText())
        .isEqualTo(beside("report.html").toString());
    var json = JSON.readTree(report("--output=json").out());
    var data = data(beside("report.html"));
    assertThat(json.at("/tally/updated").asLong()).isEqualTo(54);
    assertThat(area(data.path("items"), 0)).isEqualTo(json.at("/tally/scanned").asLong());
    assertThat(area(data.path("items"), 1)).isEqualTo(json.at("/tally/updated").asLong());
    assertThat(area(data.path("items"), 2)).isEqualTo(json.at("/tally/failed").asLong());
    assertThat(area(data.path("writes"), 0)).isEqualTo(json.at("/tally/writeUnits").asLong());
    assertThat(data.at("/segment-map/things")).hasSize(4);
    assertThat(sum(data.path("segment-map"), 1)).isEqualTo(json.at("/tally/scanned").asLong());
    assertThat(sum(data.path("segment-map"), 2)).isEqualTo(json.at("/tally/updated").asLong());
    assertThat(sum(data.path("segment-map"), 4)).isEqualTo(json.at("/tally/failed").asLong());
    assertThat(Files.readString(beside("report.html")))
        .contains(
            "<td class=\"words\">java.lang.NumberFormatException</td><td class=\"number\">6</td>")
        .contains("--retry-failures r")
        .as("no item")
        .doesNotContain("Zähle bis");
  }

  @Test
  void run_thatOnlyReads_leavesAPage() throws IOException {
    var ended = run(FIRST, "--dry-run");

    assertThat(ended.exit()).as(ended.err()).isZero();
    assertThat(ended.out()).contains("report ").contains(beside("report.html").toString());
    assertThat(area(data(beside("report.html")).path("items"), 1)).isEqualTo(ITEMS);
  }

  @Test
  void report_htmlOfAFailedRun_showsItemsOnlyIfAsked() throws IOException {
    var failed = run(UNRULY);
    assertThat(failed.exit()).isEqualTo(1);
    assertThat(beside("report.html")).exists();
    var page = home.resolve("page.html");

    var said = report("--html=" + page);

    assertThat(said.exit()).as(said.err()).isZero();
    assertThat(said.out()).contains("FAILED");
    assertThat(Files.readString(page)).contains("ItemFailuresExceeded").doesNotContain("Zähle bis");

    assertThat(report("--html=" + page, "--with-items").exit()).isZero();
    assertThat(Files.readString(page)).contains("Zähle bis 7").contains("NumberFormatException");
  }

  @Test
  void report_ofARunWithAPlan_showsWhatWasForecastBesideWhatCame() throws IOException {
    var ended = run(FIRST, "--require-plan");
    assertThat(ended.exit()).as(ended.err()).isZero();

    assertThat(beside("plan.json")).exists();
    assertThat(Files.readString(beside("report.html")))
        .contains(
            "<td class=\"words\">items written</td><td class=\"number\">60</td><td class=\"number\">exact</td><td class=\"number\">60</td><td class=\"number\">+0.0 %</td>")
        .contains(
            "<td class=\"words\">write units</td><td class=\"number\">60</td><td class=\"number\">exact</td><td class=\"number\">60</td>")
        .contains("<td class=\"words\">their writes cost</td>");
  }

  @Test
  void report_withAPlanInAFile_showsIt_unlessItIsOfAnotherRun() throws IOException {
    assertThat(run(FIRST).exit()).isZero();
    var page = home.resolve("planned.html");
    var plan = home.resolve("plan.json");
    var commands = new Commands(DYNAMO_DB, home);
    Files.writeString(
        plan,
        commands.godwit("plan", "--table=Tasks", "--migration=" + FIRST, "--output=json").out());

    assertThat(report("--html=" + page, "--plan=" + plan).exit()).isZero();
    assertThat(Files.readString(page)).contains("items written");

    Files.delete(page);
    Files.writeString(
        plan,
        commands.godwit("plan", "--table=Tasks", "--migration=" + UNRULY, "--output=json").out());
    var other = report("--html=" + page, "--plan=" + plan);
    assertThat(other.exit()).isEqualTo(2);
    assertThat(other.err()).contains("is the plan of " + UNRULY).contains("not of this run");
    assertThat(page).doesNotExist();
  }

  @Test
  void plan_html_saysWhatThePlanSays() throws IOException {
    var page = home.resolve("plan.html");
    var commands = new Commands(DYNAMO_DB, home);

    var said = commands.godwit("plan", "--table=Tasks", "--migration=" + FIRST, "--html=" + page);

    assertThat(said.exit()).as(said.err()).isZero();
    var html = Files.readString(page);
    assertThat(html)
        .contains("May it start?")
        .contains("The bill, on demand")
        .contains("60, 100.0 %")
        .contains("godwit run --local");
    assertThat(said.out()).contains("May it start?").contains("godwit run --local");
  }

  @Test
  void report_whatMakesNoPage_isRefusedInOneSentence() {
    assertThat(run(FIRST).exit()).isZero();

    assertRefused("--with-items is about the page: say with --html", "--with-items");
    assertRefused("--plan is about the page", "--plan=x.json");
    assertRefused("cannot be written", "--html=%s/no/page.html");
    assertRefused("cannot be written", "--html=%s");
    assertRefused(
        "cannot be read; nothing was written", "--html=%s/page.html", "--plan=%s/no.json");
    assertRefused(
        "is no plan",
        "--html=%s/page.html",
        "--plan=%s/migrations/20261101-first/M20261101FIRST.java");
  }

  /** Each {@code %s} is the test's folder. */
  private static void assertRefused(String why, String... more) {
    var said = report(Stream.of(more).map(one -> one.formatted(home)).toArray(String[]::new));

    assertThat(said.exit()).as(said.err()).isEqualTo(2);
    assertThat(said.err()).contains(why);
    assertThat(home.resolve("page.html")).doesNotExist();
  }

  @Test
  void run_whosePageCannotBeWritten_saysSoAndEndsAsItDid() throws IOException {
    Files.createDirectories(beside("report.html"));
    Files.writeString(beside("report.html").resolve("in-the-way"), "");

    var ended = run(FIRST);

    assertThat(ended.exit()).as(ended.err()).isZero();
    assertThat(ended.out()).contains("SUCCEEDED").doesNotContain("report ");
    assertThat(ended.err())
        .contains("No page about the run was written beside its results")
        .contains("'godwit report r --html FILE' writes one");
  }
}
