package dev.godwit.worker.wire;

import dev.godwit.worker.wire.Post.Header;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

/**
 * Signs requests with Signature Version 4, for one service in one region (IAM user guide, "Create a
 * signed AWS API request"; read 2026-11-26). The key of a day is made once. Thread-safe.
 */
final class Signature {
  private static final String ALGORITHM = "AWS4-HMAC-SHA256";
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final int DAY = 8;
  private static final String HMAC = "HmacSHA256";
  private static final HexFormat HEX = HexFormat.of();

  private final String region;
  private final String service;
  private volatile DayKey dayKey = new DayKey("", "", key(new byte[1]));

  Signature(String service, String region) {
    this.service = service;
    this.region = region;
  }

  private record DayKey(String day, String secret, Key key) {}

  /**
   * The headers that make {@code post} a signed request at {@code time}, by {@code who}: all that
   * it has, the host, the time, the session's token if there is one, and the signature.
   */
  List<Header> headers(Post post, AwsCredentials who, Instant time) {
    var at = TIME.format(time);
    var headers = new ArrayList<Header>(post.headers().size() + 4);
    headers.add(new Header("host", Post.host(post.to())));
    headers.addAll(post.headers());
    headers.add(new Header("x-amz-date", at));
    if (who instanceof AwsSessionCredentials session) {
      headers.add(new Header("x-amz-security-token", session.sessionToken()));
    }
    headers.sort(Comparator.comparing(Header::name));
    var signed = new StringBuilder();
    var canonical = new StringBuilder(512).append("POST\n").append(post.path()).append("\n\n");
    for (Header header : headers) {
      canonical.append(header.name()).append(':').append(header.value().trim()).append('\n');
      signed.append(signed.isEmpty() ? "" : ";").append(header.name());
    }
    canonical.append('\n').append(signed).append('\n').append(sha256(post.body()));
    var day = at.substring(0, DAY);
    var scope = day + "/" + region + "/" + service + "/aws4_request";
    var toSign = ALGORITHM + "\n" + at + "\n" + scope + "\n" + sha256(utf8(canonical.toString()));
    var signature = HEX.formatHex(hmac(key(day, who.secretAccessKey()), toSign));
    headers.add(
        new Header(
            "authorization",
            ALGORITHM
                + " Credential="
                + who.accessKeyId()
                + "/"
                + scope
                + ", SignedHeaders="
                + signed
                + ", Signature="
                + signature));
    return headers;
  }

  private Key key(String day, String secret) {
    var known = dayKey;
    if (!known.day.equals(day) || !known.secret.equals(secret)) {
      var key = key(utf8("AWS4" + secret));
      for (String part : List.of(day, region, service, "aws4_request")) {
        key = key(hmac(key, part));
      }
      known = new DayKey(day, secret, key);
      dayKey = known;
    }
    return known.key;
  }

  private static Key key(byte[] bytes) {
    return new SecretKeySpec(bytes, HMAC);
  }

  private static byte[] hmac(Key key, String text) {
    try {
      var mac = Mac.getInstance(HMAC);
      mac.init(key);
      return mac.doFinal(utf8(text));
    } catch (GeneralSecurityException e) {
      throw missing(e);
    }
  }

  private static String sha256(byte[] bytes) {
    try {
      return HEX.formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (GeneralSecurityException e) {
      throw missing(e);
    }
  }

  /** Every Java platform has both: Javadoc of MessageDigest and Mac. */
  private static IllegalStateException missing(GeneralSecurityException e) {
    return new IllegalStateException("This JDK has no SHA-256", e);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
