package dev.godwit.migration;

import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.NoSuchElementException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Names in the order in which they were added. Of every item a few are remembered, so a few cost
 * little: an array up to {@value #FEW}, a hash table only above.
 */
final class Names extends AbstractSet<String> {
  private static final int FEW = 16;
  private static final String[] NONE = {};

  private String[] few = NONE;
  private int size;
  private @Nullable Set<String> many;

  @Override
  public boolean add(String name) {
    if (many != null) {
      return many.add(name);
    }
    if (indexAmongFew(name) >= 0) {
      return false;
    }
    if (size == FEW) {
      many = new LinkedHashSet<>(Arrays.asList(few));
      few = NONE;
      return many.add(name);
    }
    if (size == few.length) {
      few = Arrays.copyOf(few, Math.max(4, 2 * size));
    }
    few[size++] = name;
    return true;
  }

  private int indexAmongFew(@Nullable Object name) {
    for (int i = 0; i < size; i++) {
      if (few[i].equals(name)) {
        return i;
      }
    }
    return -1;
  }

  @Override
  public boolean contains(@Nullable Object name) {
    return many != null ? many.contains(name) : indexAmongFew(name) >= 0;
  }

  @Override
  public int size() {
    return many != null ? many.size() : size;
  }

  @Override
  public Iterator<String> iterator() {
    return many != null ? many.iterator() : new OfFew();
  }

  private final class OfFew implements Iterator<String> {
    private int next;

    @Override
    public boolean hasNext() {
      return next < size;
    }

    @Override
    public String next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return few[next++];
    }
  }
}
