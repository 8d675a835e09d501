package dev.godwit.infra.deployment;

import dev.godwit.run.ledger.ExportRecord;

/** DynamoDB's own exports of tables to S3. */
interface TableExports {
  /**
   * Asks for an export, once or once more.
   *
   * @return the same, as DynamoDB describes it
   * @throws Refused when it has begun none, and will not
   */
  ExportRecord begin(ExportRecord asked, String tableArn) throws Refused;

  /** The same, as it is now. */
  ExportRecord describe(ExportRecord export);

  /** DynamoDB begins no such export. */
  final class Refused extends Exception {
    private static final long serialVersionUID = 1;

    private final boolean isPermission;

    Refused(String why, boolean isPermission, Throwable cause) {
      super(why, cause);
      this.isPermission = isPermission;
    }

    /** Whether a permission is missing, which may be on its way. */
    boolean isPermission() {
      return isPermission;
    }
  }
}
