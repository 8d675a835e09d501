package dev.godwit.worker.dynamodb;

import dev.godwit.migration.Action;
import dev.godwit.migration.Item;
import dev.godwit.worker.PageListener;
import dev.godwit.worker.page.Page;
import dev.godwit.worker.page.PageSource;
import dev.godwit.worker.write.ActionWriter;
import dev.godwit.worker.write.Answer;
import dev.godwit.worker.write.ChangeWriter;
import dev.godwit.worker.write.Outcome;
import dev.godwit.worker.write.PlannedWrite;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Tells a listener whether DynamoDB does what it is asked. An answer alone is no sign of it: a
 * batch may come back with nothing done. Thread-safe.
 */
record Heard(PageListener listener) {
  /** {@code pages}, told of. */
  PageSource of(PageSource pages) {
    return (cursor, limit) -> read(pages, cursor, limit);
  }

  private Optional<Page> read(PageSource pages, Optional<Item> cursor, OptionalInt limit) {
    var page = pages.read(cursor, limit);
    if (page.isPresent()) {
      listener.answered();
    }
    return page;
  }

  /** {@code writer}, told of. */
  ChangeWriter of(ChangeWriter writer) {
    return new ChangeWriter() {
      @Override
      public int mostPerRequest() {
        return writer.mostPerRequest();
      }

      @Override
      public Answer write(List<PlannedWrite> writes) {
        return told(writer.write(writes));
      }

      @Override
      public Optional<Outcome.Refused> foresee(PlannedWrite write) {
        return writer.foresee(write);
      }
    };
  }

  /** {@code writer}, told of. */
  ActionWriter of(ActionWriter writer) {
    return new ActionWriter() {
      @Override
      public int mostPerRequest(Action action) {
        return writer.mostPerRequest(action);
      }

      @Override
      public Item target(Action action) {
        return writer.target(action);
      }

      @Override
      public Answer write(List<Action> actions) {
        return told(writer.write(actions));
      }

      @Override
      public Optional<Outcome.Refused> foresee(Action action) {
        return writer.foresee(action);
      }
    };
  }

  private Answer told(Answer answer) {
    if (answer.outcomes().stream().allMatch(Outcome.Busy.class::isInstance)) {
      listener.unanswered(
          answer.throttles().isSomething() ? "throttles every write" : "does none of the writes");
    } else {
      listener.answered();
    }
    return answer;
  }

  /** A call has failed, and is no refusal of what was asked. */
  void failed(SdkException e) {
    listener.unanswered(
        e instanceof AwsServiceException service
            ? "answers HTTP " + service.statusCode() + code(service.awsErrorDetails().errorCode())
            : "does not answer (" + root(e).getClass().getSimpleName() + ")");
  }

  private static String code(String code) {
    return code.isEmpty() ? "" : " (" + code + ")";
  }

  private static Throwable root(Throwable e) {
    var cause = e.getCause();
    return cause == null ? e : root(cause);
  }
}
