package dev.godwit.cli.page;

import java.util.List;

/**
 * A page to look at, before it is HTML.
 *
 * @param title of the browser's window, and its headline
 * @param lead a sentence below that
 * @param mood how to colour that sentence
 * @param sections from top to bottom
 * @param foot who has made it and when
 */
public record Page(String title, String lead, Mood mood, List<Section> sections, String foot) {
  public Page {
    sections = List.copyOf(sections);
  }

  /** Whether something is as it should be. */
  public enum Mood {
    GOOD,
    BAD,
    PLAIN;

    /** A class of the style sheet. */
    String style() {
      return switch (this) {
        case GOOD -> "good";
        case BAD -> "bad";
        case PLAIN -> "plain";
      };
    }
  }

  /**
   * What stands under one heading.
   *
   * @param name one word, to link to
   */
  public record Section(String name, String title, List<Part> parts) {
    public Section {
      parts = List.copyOf(parts);
    }
  }
}
