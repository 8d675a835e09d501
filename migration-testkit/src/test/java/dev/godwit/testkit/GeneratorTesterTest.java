package dev.godwit.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.migration.Item;
import dev.godwit.migration.ItemGenerator;
import java.util.Iterator;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class GeneratorTesterTest {
  /** Ten items in all, each in the shard that its number says. */
  private static ItemGenerator ten(LongFunction<Item> item) {
    return (shard, shards, position, context) -> numbers(shard, shards, position, item);
  }

  private static Iterator<Item> numbers(
      int shard, int shards, long position, LongFunction<Item> item) {
    return LongStream.iterate(shard + position * shards, n -> n < 10, n -> n + shards)
        .mapToObj(item)
        .iterator();
  }

  private static Item item(long number) {
    return Item.empty().with("id", "user-" + number).with("n", number);
  }

  @Test
  void assertSound_ofAGeneratorThatIs_passesInAnyNumberOfShards() {
    for (int shards : new int[] {1, 3, 20}) {
      var tester = GeneratorTester.of(ten(GeneratorTesterTest::item)).shards(shards);

      tester.assertSound("id");

      assertThat(tester.items()).hasSize(10);
    }
  }

  @Test
  void assertSound_ofOneThatYieldsAKeyTwice_namesBothPlaces() {
    assertThatThrownBy(
            () ->
                GeneratorTester.of(ten(n -> item(n % 9).with("n", n))).shards(2).assertSound("id"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("the item at position 4 of shard 1")
        .hasMessageContaining("has the key of the item at position 0 of shard 0")
        .hasMessageContaining("user-0");
  }

  @Test
  void assertSound_ofOneThatIsNotDeterministic_saysWhere() {
    var calls = new AtomicInteger();

    assertThatThrownBy(
            () ->
                GeneratorTester.of(ten(n -> item(n).with("random", calls.incrementAndGet())))
                    .assertSound("id"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining(
            "asked once more from position 0, makes something else at position 0");
  }

  @Test
  void assertSound_ofOneThatDoesNotGoOnAtAPosition_saysWhere() {
    ItemGenerator fromTheStart =
        (shard, shards, position, context) -> numbers(shard, shards, 0, GeneratorTesterTest::item);

    assertThatThrownBy(() -> GeneratorTester.of(fromTheStart).assertSound("id"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("makes something else at position");
  }

  @Test
  void assertSound_ofOneThatMakesAnItemWithoutAKey_saysWhich() {
    assertThatThrownBy(
            () -> GeneratorTester.of(ten(GeneratorTesterTest::item)).assertSound("id", "sort"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("has no sort, which is a key");
  }
}
