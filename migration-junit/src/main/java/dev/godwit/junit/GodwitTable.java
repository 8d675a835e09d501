package dev.godwit.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives a test a table of its own in DynamoDB Local, filled, as a parameter of type {@link
 * TestTable}:
 *
 * <pre>{@code
 * @Test
 * @GodwitTable(name = "Tasks", keys = "id", items = "tasks.jsonl")
 * void up_overATable_completesEveryTask(TestTable tasks) {
 *   tasks.migrate(new CompletedFlag()).assertSucceeded().assertUpdated(2).assertRepeatable();
 *   tasks.assertHolds("tasks-after.jsonl");
 * }
 * }</pre>
 *
 * <p>On a class it holds for each of its tests; on a method it wins over that; on a parameter it
 * says which table that one is, where a test needs several. Each test has a database of its own,
 * gone with it: tests may run side by side.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD, ElementType.PARAMETER})
@ExtendWith(GodwitTableExtension.class)
public @interface GodwitTable {
  /** What the table is called; the migration must be meant for it. */
  String name();

  /**
   * The partition key, then perhaps the sort key: each a name, or a name and a type as in {@code
   * "id:N"} (S, N or B; S when left out).
   */
  String[] keys();

  /**
   * A resource with the items in it, DynamoDB JSON, one on a line; found beside the test's class,
   * or from the top with a {@code /} before. Without it there are those of {@link #lines()} alone.
   */
  String items() default "";

  /** Items in DynamoDB JSON, after those of {@link #items()}. */
  String[] lines() default {};

  /** Into how many segments a run divides the table. */
  int segments() default 4;
}
