package dev.godwit.cli.facts;

import java.util.Optional;
import java.util.function.Function;

/**
 * An answer, or why there is none. What was not told is unknown, and nothing else is made of it.
 *
 * @param <T> what was asked for
 */
public sealed interface Told<T> {
  /** It was told. */
  static <T> Told<T> of(T value) {
    return new Known<>(value);
  }

  /**
   * It was not.
   *
   * @param why for people, and what to do about it
   */
  static <T> Told<T> unknown(String why) {
    return new Unknown<>(why);
  }

  /** The answer; empty when there is none. */
  Optional<T> known();

  /** What is made of it, the one way or the other. */
  <R> R match(Function<T, R> known, Function<String, R> unknown);

  /** The same of what {@code change} makes of the answer. */
  default <R> Told<R> map(Function<T, R> change) {
    return match(value -> of(change.apply(value)), Told::unknown);
  }

  /** An answer. */
  record Known<T>(T value) implements Told<T> {
    @Override
    public Optional<T> known() {
      return Optional.of(value);
    }

    @Override
    public <R> R match(Function<T, R> known, Function<String, R> unknown) {
      return known.apply(value);
    }
  }

  /** None. */
  record Unknown<T>(String why) implements Told<T> {
    @Override
    public Optional<T> known() {
      return Optional.empty();
    }

    @Override
    public <R> R match(Function<T, R> known, Function<String, R> unknown) {
      return unknown.apply(why);
    }
  }
}
