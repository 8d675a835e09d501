package dev.godwit.cli.engine;

import dev.godwit.cli.table.DynamoDbConnection;
import dev.godwit.worker.pace.Deadline;
import dev.godwit.worker.source.S3SourceFiles;
import dev.godwit.worker.source.SourceFile;
import dev.godwit.worker.source.SourceFiles;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Files in S3, by a client that is made when the first is asked for. Thread-safe.
 *
 * <p>Credentials and region are those of the tables, if these are on AWS; a DynamoDB Local takes
 * any, so beside it they are as the SDK finds them.
 */
final class LaterS3Files implements SourceFiles, AutoCloseable {
  private final DynamoDbConnection connection;
  private @Nullable S3Client client;

  LaterS3Files(DynamoDbConnection connection) {
    this.connection = connection;
  }

  private synchronized S3SourceFiles files() {
    var made = client;
    if (made == null) {
      var builder = S3Client.builder().httpClientBuilder(UrlConnectionHttpClient.builder());
      if (connection.isAws()) {
        builder.region(connection.region()).credentialsProvider(connection.credentials());
      }
      made = builder.crossRegionAccessEnabled(true).build();
      client = made;
    }
    return new S3SourceFiles(made);
  }

  @Override
  public SourceFiles until(Deadline deadline) {
    return new SourceFiles() {
      @Override
      public List<SourceFile> find(String location) {
        return files().until(deadline).find(location);
      }

      @Override
      public byte[] read(SourceFile file, long from, int bytes) {
        return files().until(deadline).read(file, from, bytes);
      }
    };
  }

  @Override
  public List<SourceFile> find(String location) {
    return files().find(location);
  }

  @Override
  public byte[] read(SourceFile file, long from, int bytes) {
    return files().read(file, from, bytes);
  }

  @Override
  public synchronized void close() {
    if (client != null) {
      client.close();
    }
  }
}
