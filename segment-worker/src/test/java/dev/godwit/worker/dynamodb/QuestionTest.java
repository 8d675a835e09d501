package dev.godwit.worker.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class QuestionTest {
  /** DynamoDB Local never answers what is stale, so the request itself is looked at. */
  @Test
  void scan_readConsistently_saysSoAndMayCostTwice() {
    var plain = Question.scan("Birds", 3, 8, Optional.empty(), false);
    var consistent = Question.scan("Birds", 3, 8, Optional.empty(), true);

    assertThat(body(plain)).doesNotContain("ConsistentRead");
    assertThat(body(consistent)).contains("\"ConsistentRead\":true", "\"Segment\":3");
    assertThat(consistent.mostUnits()).isEqualTo(2 * plain.mostUnits());
  }

  private static String body(Question question) {
    var body = new JsonBytes();
    question.write(body);
    return new String(body.toByteArray(), StandardCharsets.UTF_8);
  }
}
