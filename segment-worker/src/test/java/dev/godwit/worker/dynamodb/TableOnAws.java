package dev.godwit.worker.dynamodb;

import java.io.PrintStream;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.Locale;
import software.amazon.awssdk.awscore.AwsRequest;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.BatchExecuteStatementRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchExecuteStatementResponse;
import software.amazon.awssdk.services.dynamodb.model.BatchStatementResponse;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;

/**
 * Makes three tiny tables in the caller's account, asks every {@link TableQuestion}, and says which
 * answer is another than the contract tests count on: the second half of {@code
 * scripts/check-on-aws}, which has the tables deleted whatever happened ({@code clean}).
 */
final class TableOnAws {
  /** $0.625 a million write request units, us-east-1, list, read 2026-11: docs/aws.md. */
  private static final double DOLLARS_A_WRITE_UNIT = 0.625e-6;

  /** $0.00065 a write unit and hour, $0.00013 a read unit and hour; likewise. */
  private static final double DOLLARS_A_PROVISIONED_HOUR = 0.00065 + 0.00013;

  /** The items of 400 KB and of long names, and some hundred small writes, rounded up. */
  private static final int WRITE_UNITS = 1500;

  private final PrintStream out;

  TableOnAws(PrintStream out) {
    this.out = out;
  }

  /**
   * @param arguments {@code plan}, {@code requests}, {@code run} or {@code clean}, then the id in
   *     the tables' names
   */
  public static void main(String[] arguments) {
    var check = new TableOnAws(System.out);
    if (arguments[0].equals("plan")) {
      System.exit(check.plan());
    }
    if (arguments[0].equals("requests")) {
      System.exit(check.requests(arguments[1]));
    }
    try (var client =
        DynamoDbClient.builder()
            .httpClient(UrlConnectionHttpClient.create())
            .overrideConfiguration(o -> o.retryStrategy(DefaultRetryStrategy.doNotRetry()))
            .build()) {
      var tables = new CheckedTables(client, arguments[1]);
      System.exit(arguments[0].equals("clean") ? check.clean(tables) : check.run(tables));
    } catch (SdkException e) {
      System.out.println("DynamoDB cannot be asked: " + e.getMessage());
      System.exit(3);
    }
  }

  int plan() {
    out.println("2. DynamoDB's answers");
    out.println(
        "   Three tables godwit-check-…, two on demand and one with a read and a write unit a second;"
            + " all are deleted at the end.");
    for (TableQuestion question : TableQuestion.values()) {
      out.println("   - " + question.text());
    }
    out.println(
        "   Permissions on arn:aws:dynamodb:*:*:table/godwit-check-*: CreateTable, DescribeTable,"
            + " UpdateTable, DeleteTable,");
    out.println(
        "   PutItem, GetItem, DeleteItem, ConditionCheckItem, PartiQLInsert, PartiQLUpdate,"
            + " PartiQLDelete.");
    out.printf(
        Locale.ROOT,
        "   Price (us-east-1, list, read 2026-11): at most %d write units x $0.000000625 = $%.4f, and"
            + " an hour of the%n   provisioned table, $0.00065 + $0.00013 = $%.5f.%n",
        WRITE_UNITS,
        WRITE_UNITS * DOLLARS_A_WRITE_UNIT,
        DOLLARS_A_PROVISIONED_HOUR);
    return 0;
  }

  /** Asks nobody, and prints what would be asked, as far as it does not hang on answers. */
  int requests(String id) {
    InvocationHandler printing =
        (client, method, arguments) -> {
          if (arguments != null && arguments[0] instanceof AwsRequest request) {
            out.println("dynamodb:" + method.getName() + " " + shortened(request.toString()));
            return empty(request, method.getReturnType());
          }
          return InvocationHandler.invokeDefault(client, method, arguments);
        };
    var client =
        (DynamoDbClient)
            Proxy.newProxyInstance(
                TableOnAws.class.getClassLoader(), new Class<?>[] {DynamoDbClient.class}, printing);
    var tables = new CheckedTables(client, id);
    try {
      tables.make();
    } catch (UnsupportedOperationException e) {
      // Nobody waits for what is not made.
    }
    for (TableQuestion question : TableQuestion.values()) {
      out.println("# " + question.text());
      try {
        question.ask(tables);
      } catch (NullPointerException e) {
        // It would go on by what is answered.
        out.println("# … and on by what is answered");
      }
    }
    tables.delete();
    return 0;
  }

  private static Object empty(AwsRequest request, Class<?> type) throws Exception {
    if (request instanceof BatchExecuteStatementRequest batch) {
      return BatchExecuteStatementResponse.builder()
          .responses(
              batch.statements().stream()
                  .map(s -> BatchStatementResponse.builder().build())
                  .toList())
          .build();
    }
    var builder = (SdkResponse.Builder) type.getMethod("builder").invoke(null);
    return builder.build();
  }

  private static String shortened(String request) {
    return request.length() > 400 ? request.substring(0, 400) + " …" : request;
  }

  /**
   * @return 0 when all is as expected, 1 when something differs
   */
  int run(CheckedTables tables) {
    tables.make();
    int different = 0;
    for (TableQuestion question : TableQuestion.values()) {
      TableQuestion.Seen seen;
      try {
        seen = question.ask(tables);
      } catch (DynamoDbException e) {
        seen =
            new TableQuestion.Seen(
                "refused: " + e.awsErrorDetails().errorCode(), String.valueOf(e.getMessage()));
      } catch (SdkException e) {
        seen = new TableQuestion.Seen("refused", String.valueOf(e.getMessage()));
      }
      if (seen.answer().equals(question.expected())) {
        out.println("as expected  " + question.text() + ": " + seen.answer());
      } else {
        different++;
        out.println("DIFFERENT    " + question.text() + ": " + seen.answer());
        out.println("               expected: " + question.expected());
        out.println("               source:   " + question.source());
        out.println("               answered: " + shortened(seen.raw()));
      }
    }
    out.println(TableQuestion.values().length + " questions asked, " + different + " different.");
    return different == 0 ? 0 : 1;
  }

  /**
   * @return 0 when the tables are gone or going, 3 when one may be left
   */
  int clean(CheckedTables tables) {
    var left = tables.delete();
    if (left.isEmpty()) {
      out.println("The tables are deleted.");
      return 0;
    }
    left.forEach(
        (table, why) -> {
          out.println("The table " + table + " may be left, and costs until it is deleted: " + why);
          out.println("  aws dynamodb delete-table --table-name " + table);
        });
    return 3;
  }
}
