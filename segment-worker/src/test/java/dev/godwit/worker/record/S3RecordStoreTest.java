package dev.godwit.worker.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.worker.pace.SliceDeadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.AwsRequest;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.paginators.ListObjectsV2Iterable;

class S3RecordStoreTest {
  private final Noting s3 = new Noting();
  private final S3RecordStore bucket = new S3RecordStore(s3, "results");

  @Test
  void requests_ofASlice_haveAsLongAsAnAnswerMayBeWaitedFor() {
    var functionMillis = new AtomicLong(10_000);
    // Two seconds are kept for the answer, and the slice itself is over.
    var store =
        bucket.until(new SliceDeadline(Duration.ZERO, System::nanoTime, functionMillis::get));

    all(store);
    functionMillis.set(0);
    all(store);

    assertThat(s3.timeouts.subList(0, 3)).containsOnly(Optional.of(Duration.ofSeconds(8)));
    assertThat(s3.timeouts.subList(3, 6))
        .as("decided upon, so tried")
        .containsOnly(Optional.of(Duration.ofSeconds(1)));
  }

  @Test
  void requests_ofNoSlice_haveTheClientsOwnTime() {
    all(bucket);

    assertThat(s3.timeouts).hasSize(3).containsOnly(Optional.empty());
  }

  private static void all(RecordStore store) {
    store.write("a", new byte[1]);
    store.read("a");
    store.list("folder/");
  }

  /** A bucket that answers at once, and notes how long it might have taken. */
  private static final class Noting implements S3Client {
    private final List<Optional<Duration>> timeouts = new ArrayList<>();

    private void note(AwsRequest request) {
      timeouts.add(request.overrideConfiguration().flatMap(it -> it.apiCallTimeout()));
    }

    @Override
    public PutObjectResponse putObject(PutObjectRequest request, RequestBody body) {
      note(request);
      return PutObjectResponse.builder().build();
    }

    @Override
    public ResponseBytes<GetObjectResponse> getObjectAsBytes(GetObjectRequest request) {
      note(request);
      return ResponseBytes.fromByteArray(GetObjectResponse.builder().build(), new byte[1]);
    }

    @Override
    public ListObjectsV2Response listObjectsV2(ListObjectsV2Request request) {
      note(request);
      return ListObjectsV2Response.builder().isTruncated(false).build();
    }

    @Override
    public ListObjectsV2Iterable listObjectsV2Paginator(ListObjectsV2Request request) {
      return new ListObjectsV2Iterable(this, request);
    }

    @Override
    public String serviceName() {
      return "s3";
    }

    @Override
    public void close() {}
  }
}
