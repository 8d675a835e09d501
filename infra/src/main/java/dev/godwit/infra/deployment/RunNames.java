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

  private RunNames() {}

  static String up(String deployment, String migration) {
    return name("up", deployment, migration);
  }

  static String down(String deployment, String migration) {
    return name("down", deployment, migration);
  }

  private static String name(String direction, String deployment, String migration) {
    String id =
        "deploy-" + direction + "-" + digest(deployment + "/" + migration) + "-" + migration;
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
