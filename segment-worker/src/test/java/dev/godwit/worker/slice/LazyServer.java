package dev.godwit.worker.slice;

import dev.godwit.dynamodblocal.LocalDynamoDb;
import java.util.Optional;

/** DynamoDB Local, once it is needed. */
final class LazyServer implements AutoCloseable {
  private Optional<LocalDynamoDb> started = Optional.empty();

  LocalDynamoDb get() {
    if (started.isEmpty()) {
      started = Optional.of(LocalDynamoDb.inMemory());
    }
    return started.get();
  }

  @Override
  public void close() {
    started.ifPresent(LocalDynamoDb::close);
  }
}
