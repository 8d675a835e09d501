package dev.godwit.worker.dynamodb;

class StatementChangeWriterTest extends DynamoDbChangeWriterContract {
  StatementChangeWriterTest() {
    super(false);
  }
}
