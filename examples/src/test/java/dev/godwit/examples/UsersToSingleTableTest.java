package dev.godwit.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.migration.Action;
import dev.godwit.migration.DynamoDbJson;
import dev.godwit.migration.Item;
import dev.godwit.migration.MissingAttributeException;
import dev.godwit.testkit.TransformTester;
import org.junit.jupiter.api.Test;

class UsersToSingleTableTest {
  private static final TransformTester UP =
      TransformTester.up(new UsersToSingleTable()).parameter("target", "App");

  private static final Item USER =
      DynamoDbJson.parse(
          """
          {"userId":{"S":"7"},"fullName":{"S":"Ana Núñez"},"mail":{"S":"ana@example.org"},\
          "tags":{"SS":["a","b"]}}""");

  @Test
  void up_aUser_isPutIntoTheTargetAndKeptInTheOldTable() {
    UP.apply(USER)
        .assertKept()
        .assertActions(
            Action.putIfAbsent(
                "App",
                DynamoDbJson.parse(
                    """
                    {"PK":{"S":"USER#7"},"SK":{"S":"USER#7"},"entity":{"S":"USER"},\
                    "userId":{"S":"7"},"name":{"S":"Ana Núñez"},"email":{"S":"ana@example.org"},\
                    "tags":{"SS":["a","b"]},"status":{"S":"ACTIVE"},"plan":{"S":"free"}}""")))
        .assertIdempotent();
  }

  @Test
  void up_aUserWithAPlanAndStatus_keepsThem() {
    var user = USER.with("plan", "gold").with("status", "LOCKED");
    UP.apply(user)
        .assertActions(
            Action.putIfAbsent(
                "App",
                Item.empty()
                    .with("PK", "USER#7")
                    .with("SK", "USER#7")
                    .with("entity", "USER")
                    .with("userId", "7")
                    .with("name", "Ana Núñez")
                    .with("email", "ana@example.org")
                    .with("tags", USER.value("tags"))
                    .with("status", "LOCKED")
                    .with("plan", "gold")));
  }

  @Test
  void up_withoutTarget_failsAndSaysWhichParameter() {
    var outcome = TransformTester.up(new UsersToSingleTable()).apply(USER);
    outcome.assertFails(IllegalArgumentException.class);
    assertThat(outcome.failure().orElseThrow()).hasMessageContaining("--parameter target=TABLE");
  }

  @Test
  void up_aUserWithoutUserId_fails() {
    UP.apply(USER.without("userId")).assertFails(MissingAttributeException.class);
  }
}
