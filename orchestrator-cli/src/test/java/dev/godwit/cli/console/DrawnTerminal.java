package dev.godwit.cli.console;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What a terminal of some width shows of what is written to it, as an ECMA-48 terminal does. */
final class DrawnTerminal extends ByteArrayOutputStream {
  private final int columns;

  DrawnTerminal(int columns) {
    this.columns = columns;
  }

  /** Its lines, without the spaces behind them. */
  List<String> rows() {
    return rows(columns);
  }

  private List<String> rows(int width) {
    var rows = new ArrayList<StringBuilder>();
    rows.add(new StringBuilder());
    var text = toString(StandardCharsets.UTF_8);
    int row = 0;
    int column = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\n' || (c >= ' ' && column == width)) {
        row++;
        column = 0;
        if (row == rows.size()) {
          rows.add(new StringBuilder());
        }
      }
      if (c == '\r') {
        column = 0;
      } else if (c == '\u001b') {
        int end = i + 2;
        while (Character.isDigit(text.charAt(end))) {
          end++;
        }
        int number = end == i + 2 ? 1 : Integer.parseInt(text.substring(i + 2, end));
        switch (text.charAt(end)) {
          case 'A' -> row -= number;
          case 'K' -> rows.get(row).setLength(Math.min(column, rows.get(row).length()));
          case 'J' -> {
            rows.get(row).setLength(Math.min(column, rows.get(row).length()));
            while (rows.size() > row + 1) {
              rows.remove(rows.size() - 1);
            }
          }
          default -> throw new AssertionError("Not known here: " + text.substring(i, end + 1));
        }
        i = end;
      } else if (c != '\n') {
        var line = rows.get(row);
        while (line.length() <= column) {
          line.append(' ');
        }
        line.setCharAt(column++, c);
      }
    }
    return rows.stream().map(line -> line.toString().stripTrailing()).toList();
  }
}
