package dev.godwit.examples;

import dev.godwit.junit.GodwitTable;
import dev.godwit.junit.TestTable;
import org.junit.jupiter.api.Test;

/** Whole runs over tables in DynamoDB Local: what transforms alone cannot show. */
class OverTablesTest {
  @Test
  @GodwitTable(
      name = "Tasks",
      keys = "id",
      lines = {
        "{\"id\":{\"S\":\"1\"},\"title\":{\"S\":\"count godwits\"}}",
        "{\"id\":{\"S\":\"2\"},\"completed\":{\"BOOL\":true}}"
      })
  void completedFlag_overATable_isAddedWhereItIsMissing(TestTable tasks) {
    tasks
        .migrate(new CompletedFlag())
        .assertSucceeded()
        .assertUpdated(1)
        .assertKept(1)
        .assertRepeatable();
  }

  @Test
  void usersToSingleTable_whereOneIsThereAlready_leavesThatAlone(
      @GodwitTable(name = "Users", keys = "userId", items = "users.jsonl") TestTable users,
      @GodwitTable(
              name = "App",
              keys = {"PK", "SK"},
              lines =
                  "{\"PK\":{\"S\":\"USER#8\"},\"SK\":{\"S\":\"USER#8\"},\"entity\":{\"S\":\"USER\"},"
                      + "\"userId\":{\"S\":\"8\"},\"email\":{\"S\":\"new@example.com\"}}")
          TestTable app) {
    users
        .parameter("target", app.name())
        .migrate(new UsersToSingleTable())
        .assertSucceeded()
        .assertKept(2);

    app.assertHolds("users-moved.jsonl");
    users.assertHolds("users.jsonl");
  }
}
