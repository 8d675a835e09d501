package dev.godwit.cli.page;

import java.util.List;
import java.util.Optional;

/**
 * What a section is made of. All texts are plain: what looks like HTML in them is shown as text.
 */
public sealed interface Part {
  /** A paragraph. */
  record Text(String words) implements Part {
    @Override
    public <T> T match(Cases<T> cases) {
      return cases.text(this);
    }
  }

  /** What somebody has written, or an item, as it is: with its lines and spaces. */
  record Verbatim(String words) implements Part {
    @Override
    public <T> T match(Cases<T> cases) {
      return cases.verbatim(this);
    }
  }

  /** Names and what they stand for. */
  record Facts(List<Fact> facts) implements Part {
    public Facts {
      facts = List.copyOf(facts);
    }

    @Override
    public <T> T match(Cases<T> cases) {
      return cases.facts(this);
    }
  }

  /**
   * A name and what it stands for.
   *
   * @param link where to go from there; empty for nowhere
   */
  record Fact(String name, String value, Optional<String> link) {
    public Fact(String name, String value) {
      this(name, value, Optional.empty());
    }
  }

  /**
   * A table.
   *
   * @param caption what it is about
   * @param heads of its columns
   * @param rows as many cells as heads each
   * @param folded whether it is shown only to those who unfold it
   */
  record Rows(String caption, List<String> heads, List<List<Cell>> rows, boolean folded)
      implements Part {
    public Rows {
      heads = List.copyOf(heads);
      rows = rows.stream().map(List::copyOf).toList();
    }

    @Override
    public <T> T match(Cases<T> cases) {
      return cases.rows(this);
    }

    /** The same to be unfolded. */
    public Rows fold() {
      return new Rows(caption, heads, rows, true);
    }
  }

  /**
   * A cell of a table.
   *
   * @param isNumber whether it is set to the right
   */
  record Cell(String text, boolean isNumber) {
    public static Cell text(String text) {
      return new Cell(text, false);
    }

    public static Cell number(String text) {
      return new Cell(text, true);
    }
  }

  /**
   * Lines over time, which keep their values from one moment to the next.
   *
   * @param name one word, its own on the page
   * @param caption what they are about
   * @param told what they show, in words
   * @param unit of the values
   * @param seconds since 1970 of each moment, growing
   * @param lines at least one
   * @param figures the same as a table
   */
  record Chart(
      String name,
      String caption,
      String told,
      String unit,
      List<Double> seconds,
      List<Line> lines,
      Rows figures)
      implements Part {
    public Chart {
      seconds = List.copyOf(seconds);
      lines = List.copyOf(lines);
    }

    @Override
    public <T> T match(Cases<T> cases) {
      return cases.chart(this);
    }
  }

  /**
   * One line of a chart.
   *
   * @param values one for each moment; NaN where there is none
   * @param isLimit whether it is a limit to what the others show
   */
  record Line(String name, List<Double> values, boolean isLimit) {
    public Line {
      values = List.copyOf(values);
    }
  }

  /**
   * Many things side by side, each coloured by one of its measures, which the reader chooses.
   *
   * @param name one word, its own on the page
   * @param caption what it is about
   * @param told what it shows, in words
   * @param things one or several each
   * @param measures at least one; of each thing as many
   */
  record HeatMap(
      String name, String caption, String told, List<Thing> things, List<Measure> measures)
      implements Part {
    public HeatMap {
      things = List.copyOf(things);
      measures = List.copyOf(measures);
    }

    @Override
    public <T> T match(Cases<T> cases) {
      return cases.heatMap(this);
    }
  }

  /** What a thing of a heat map can be coloured by. */
  record Measure(String name, String unit) {}

  /**
   * One thing of a heat map.
   *
   * @param name as in {@code 17}
   * @param state in a word
   * @param look what is to be seen whatever it is coloured by
   * @param values a number for each measure
   */
  record Thing(String name, String state, Look look, List<Double> values) {
    public Thing {
      values = List.copyOf(values);
    }
  }

  /** How a thing of a heat map looks. */
  enum Look {
    /** By the measure that was chosen. */
    MEASURED,
    FAILED,
    OPEN
  }

  /** What is to be made of each. */
  interface Cases<T> {
    T text(Text text);

    T verbatim(Verbatim verbatim);

    T facts(Facts facts);

    T rows(Rows rows);

    T chart(Chart chart);

    T heatMap(HeatMap map);
  }

  <T> T match(Cases<T> cases);
}
