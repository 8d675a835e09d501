package dev.godwit.worker.wire;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpFullRequest;
import software.amazon.awssdk.http.SdkHttpMethod;

/** Sends through one of the SDK's HTTP clients: those know proxies. */
final class SdkTransport implements Transport {
  private final SdkHttpClient client;
  private final Watch watch = new Watch();
  private final Runnable closing;

  private SdkTransport(SdkHttpClient client, Runnable closing) {
    this.client = client;
    this.closing = closing;
  }

  /** Through {@code client}, which is closed with this. */
  static SdkTransport owning(SdkHttpClient client) {
    return new SdkTransport(client, client::close);
  }

  /** Through {@code client}, which stays its owner's to close. */
  static SdkTransport lent(SdkHttpClient client) {
    return new SdkTransport(client, () -> {});
  }

  @Override
  public HttpAnswer send(Post post, Duration atMost) throws IOException {
    var request =
        SdkHttpFullRequest.builder()
            .method(SdkHttpMethod.POST)
            .uri(post.to())
            .encodedPath(post.path())
            .contentStreamProvider(() -> new ByteArrayInputStream(post.body()));
    post.headers().forEach(header -> request.putHeader(header.name(), header.value()));
    request.putHeader("content-length", Integer.toString(post.body().length));
    var built = request.build();
    var call =
        client.prepareRequest(
            HttpExecuteRequest.builder()
                .request(built)
                .contentStreamProvider(built.contentStreamProvider().orElseThrow())
                .build());
    var offWatch = watch.over(atMost, call::abort);
    try {
      return answer(call.call());
    } finally {
      offWatch.run();
    }
  }

  private static HttpAnswer answer(HttpExecuteResponse response) throws IOException {
    Map<String, String> headers = new HashMap<>();
    response
        .httpResponse()
        .forEachHeader(
            (name, values) -> headers.put(name.toLowerCase(Locale.ROOT), String.join(",", values)));
    byte[] body = {};
    if (response.responseBody().isPresent()) {
      try (var content = response.responseBody().get()) {
        body = content.readAllBytes();
      }
    }
    return new HttpAnswer(response.httpResponse().statusCode(), headers, body);
  }

  @Override
  public void close() {
    watch.close();
    closing.run();
  }
}
