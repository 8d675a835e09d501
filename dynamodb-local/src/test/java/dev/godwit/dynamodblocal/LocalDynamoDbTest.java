package dev.godwit.dynamodblocal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

class LocalDynamoDbTest {
  @Test
  void onDisk_closedAndServedAgain_keepsItsItems(@TempDir Path directory) {
    try (var first = LocalDynamoDb.onDisk(directory);
        var client = first.client()) {
      first.createTable("Birds", "id");
      client.putItem(put -> put.tableName("Birds").item(item("godwit")));
    }

    try (var second = LocalDynamoDb.onDisk(directory);
        var client = second.client()) {
      assertThat(client.scan(scan -> scan.tableName("Birds")).items())
          .containsExactly(item("godwit"));
    }
  }

  @Test
  void inMemory_onAPortThatIsTaken_saysSo() throws IOException {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatIllegalStateException()
          .isThrownBy(() -> LocalDynamoDb.inMemory(taken.getLocalPort()))
          .withMessageContaining("could not start on port " + taken.getLocalPort());
    }
  }

  @Test
  void inMemory_fromAnotherInterface_isNotReached() throws IOException {
    try (var local = LocalDynamoDb.inMemory()) {
      for (InetAddress address : addressesOfOtherInterfaces()) {
        assertThatIOException()
            .isThrownBy(() -> new Socket(address, local.endpoint().getPort()).close());
      }
      new Socket(InetAddress.getLoopbackAddress(), local.endpoint().getPort()).close();
    }
  }

  private static List<InetAddress> addressesOfOtherInterfaces() throws IOException {
    // Everything in 127/8 is this machine's, but only 127.0.0.1 is listened on.
    var addresses = new ArrayList<>(List.of(InetAddress.getByAddress(new byte[] {127, 0, 0, 2})));
    NetworkInterface.networkInterfaces()
        .flatMap(NetworkInterface::inetAddresses)
        .filter(address -> !address.isLoopbackAddress())
        .forEach(addresses::add);
    return addresses;
  }

  private static Map<String, AttributeValue> item(String id) {
    return Map.of("id", AttributeValue.fromS(id));
  }
}
