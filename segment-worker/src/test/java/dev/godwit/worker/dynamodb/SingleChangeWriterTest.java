package dev.godwit.worker.dynamodb;

class SingleChangeWriterTest extends DynamoDbChangeWriterContract {
  SingleChangeWriterTest() {
    super(true);
  }
}
