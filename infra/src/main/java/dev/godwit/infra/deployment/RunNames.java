package dev.godwit.infra.deployment;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Ids of the runs that deployments start: the same for the same deployment and migration, another
 * for any other, so that starting one twice starts it once.
 */
final class RunNames {
  private static final int LONGEST = 64;
  private static final String UP = "deploy-up-";
  private static final String DOWN = "deploy-down-";

  private RunNames() {}

  /** Whether a deployment has given {@code runId}, of a run that migrates forward. */
  static boolean isUp(String runId) {
    return runId.startsWith(UP);
  }

  static String up(String deployment, String migration) {
    return name(UP, deployment, migration);
  }

  static String down(String deployment, String migration) {
    return name(DOWN, deployment, migration);
  }

  private static String name(String beginning, String deployment, String migration) {
    String id = beginning + digest(deployment + "/" + migration) + "-" + migration;
    return id.length() > LONGEST ? id.substring(0, LONGEST) : id;
  }

  private static String digest(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 6);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
