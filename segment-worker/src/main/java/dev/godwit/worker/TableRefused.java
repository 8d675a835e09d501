package dev.godwit.worker;

/**
 * DynamoDB, or the results location, refused a request for what it is: no such table, no
 * permission, a cursor of another table. What was written stays; trying again is no help until the
 * reason is gone.
 */
public final class TableRefused extends WorkerException {
  public TableRefused(String message, Throwable cause) {
    super(message, cause);
  }
}
