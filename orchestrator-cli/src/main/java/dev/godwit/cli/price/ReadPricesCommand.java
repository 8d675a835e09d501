package dev.godwit.cli.price;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.cli.console.Screen;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.util.EnumMap;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Reads AWS's price lists into the project's file of prices. */
@Command(
    name = "read-prices",
    hidden = true,
    description =
        "Reads files of AWS's Price List Bulk API into the project's file of prices; scripts/update-prices fetches them and calls this.")
public final class ReadPricesCommand implements Callable<Integer> {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SUFFIX = ".json";

  private final Screen screen;
  private final Clock clock;

  @Option(
      names = "--from",
      paramLabel = "FOLDER",
      required = true,
      description = "With a file REGION/SERVICE.json for each region and service.")
  private Path from = Path.of("");

  @Option(
      names = "--into",
      paramLabel = "FILE",
      required = true,
      description = "The prices; what FOLDER has no region for stays.")
  private Path into = Path.of("");

  public ReadPricesCommand(Screen screen, Clock clock) {
    this.screen = screen;
    this.clock = clock;
  }

  @Override
  public Integer call() {
    try {
      PriceTable table;
      try (var in = Files.newInputStream(into)) {
        table = PriceTable.read(in);
      }
      for (Path region : files(from)) {
        var prices = read(region);
        table = table.with(prices);
        screen.out().println(prices.region() + ": " + prices.dollars().size() + " prices");
      }
      Files.writeString(into, table.text());
      return ExitCode.DONE.code();
    } catch (IOException e) {
      throw new CommandFailed(
          ExitCode.BAD_USAGE, "The prices cannot be read (" + e + "); nothing was changed", e);
    }
  }

  private Prices read(Path region) throws IOException {
    var dollars = new EnumMap<Price, BigDecimal>(Price.class);
    for (Path file : files(region)) {
      var name = file.getFileName().toString();
      var list = new PriceList(name.substring(0, name.length() - SUFFIX.length()));
      list.file(JSON.readTree(file.toFile()));
      dollars.putAll(list.dollars());
    }
    if (dollars.isEmpty()) {
      throw new IOException("there are none in " + region);
    }
    return new Prices(
        region.getFileName().toString(),
        LocalDate.now(clock).toString(),
        "AWS Price List Bulk API",
        dollars);
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }
}
