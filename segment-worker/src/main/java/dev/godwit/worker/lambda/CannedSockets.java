package dev.godwit.worker.lambda;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import javax.net.SocketFactory;

/**
 * Makes sockets that reach nothing: what is at their other end answers as DynamoDB would for a
 * small table, so that the whole way of a slice can be walked before there is a network. One page
 * of four items; of the writes one meets a conflict.
 */
final class CannedSockets extends SocketFactory {
  private static final String PAGE =
      """
      {"Count":4,"ScannedCount":4,"Items":[
      {"id":{"S":"1"},"n":{"N":"1"},"m":{"M":{"l":{"L":[{"BOOL":true},{"NULL":true}]}}}},
      {"id":{"S":"2"},"n":{"N":"2"},"b":{"B":"AAE="},"ss":{"SS":["a"]},"ns":{"NS":["1"]}},
      {"id":{"S":"3"},"n":{"N":"3"}},
      {"id":{"S":"4"},"n":{"N":"4"}}],
      "ConsumedCapacity":{"TableName":"priming","CapacityUnits":0.5}}""";

  private static final String CONFLICT =
      """
      {"Error":{"Code":"ConditionalCheckFailed","Message":"The conditional request failed",
      "Item":{"id":{"S":"2"},"n":{"N":"3"}}}}""";

  private static final Pattern STATEMENT = Pattern.compile("\"Statement\":");

  private static final Pattern OPERATION = Pattern.compile("x-amz-target: \\S+\\.(\\w+)");

  @Override
  public Socket createSocket() {
    return new CannedSocket();
  }

  @Override
  public Socket createSocket(String host, int port) {
    return createSocket();
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress from, int fromPort) {
    return createSocket();
  }

  @Override
  public Socket createSocket(InetAddress host, int port) {
    return createSocket();
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort) {
    return createSocket();
  }

  /** Takes one request in one write, as it is sent, and answers it. */
  private static final class CannedSocket extends Socket {
    private final ByteArrayOutputStream request = new ByteArrayOutputStream();
    private InputStream answer = InputStream.nullInputStream();

    @Override
    public void connect(SocketAddress endpoint, int timeout) {}

    @Override
    public void setTcpNoDelay(boolean on) {}

    @Override
    public void setSoTimeout(int timeout) {}

    @Override
    public OutputStream getOutputStream() {
      return request;
    }

    @Override
    public InputStream getInputStream() {
      if (request.size() > 0) {
        var body =
            answer(request.toString(StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
        request.reset();
        var head = "HTTP/1.1 200 OK\r\nContent-Length: " + body.length + "\r\n\r\n";
        answer =
            new SequenceInputStream(
                new ByteArrayInputStream(head.getBytes(StandardCharsets.US_ASCII)),
                new ByteArrayInputStream(body));
      }
      return answer;
    }
  }

  private static String answer(String asked) {
    var operation = OPERATION.matcher(asked);
    return switch (operation.find() ? operation.group(1) : "") {
      case "Scan" -> PAGE;
      case "BatchExecuteStatement" -> statements(asked);
      default -> "{}";
    };
  }

  /** One answer to each statement; of several the second meets a conflict. */
  private static String statements(String asked) {
    long count = STATEMENT.matcher(asked).results().count();
    var answers =
        LongStream.range(0, count)
            .mapToObj(i -> i == 1 ? CONFLICT : "{\"TableName\":\"priming\"}")
            .collect(Collectors.joining(","));
    return "{\"Responses\":["
        + answers
        + "],\"ConsumedCapacity\":[{\"TableName\":\"priming\",\"CapacityUnits\":"
        + count
        + ".0}]}";
  }
}
