package dev.godwit.worker.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.worker.TableRefused;
import dev.godwit.worker.TableUnavailable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.s3.paginators.ListObjectsV2Iterable;

class S3SourceFilesTest {
  private final Canned s3 = new Canned();
  private final SourceFiles files = new S3SourceFiles(s3);

  @Test
  void read_partByPart_isOfTheObjectThatWasFound() {
    var file = files.find("s3://ours/a/items.jsonl").get(0);

    assertThat(file).isEqualTo(new SourceFile("s3://ours/a/items.jsonl", 10, "\"v1\""));
    assertThat(new String(files.read(file, 0, 4), StandardCharsets.UTF_8)).isEqualTo("0123");
    assertThat(new String(files.read(file, 8, 4), StandardCharsets.UTF_8)).isEqualTo("89");
    assertThat(files.read(file, 10, 4)).isEmpty();
    assertThat(s3.asked)
        .containsExactly(
            "ours a/items.jsonl \"v1\" bytes=0-3", "ours a/items.jsonl \"v1\" bytes=8-9");
  }

  @Test
  void read_anObjectThatWasWrittenAgain_isRefusedByName() {
    var file = files.find("s3://ours/a/items.jsonl").get(0);
    s3.status = 412;

    assertThatThrownBy(() -> files.read(file, 0, 4))
        .isInstanceOf(TableRefused.class)
        .hasMessageContaining("s3://ours/a/items.jsonl has changed since the run began");
  }

  @Test
  void find_aPlaceWithASlash_isWhatIsRightBelowIt() {
    assertThat(files.find("s3://ours/a/").stream().map(SourceFile::address))
        .containsExactly("s3://ours/a/items.jsonl", "s3://ours/a/more.jsonl");
  }

  @Test
  void find_whatCannotBeHad_isToldByWhyNot() {
    s3.status = 404;
    assertThatThrownBy(() -> files.find("s3://ours/x"))
        .isInstanceOf(TableRefused.class)
        .hasMessage("There is no file s3://ours/x");
    s3.status = 403;
    assertThatThrownBy(() -> files.find("s3://ours/x"))
        .isInstanceOf(TableRefused.class)
        .hasMessageContaining("name it in \"sources\" of godwit.json");
    s3.status = 503;
    assertThatThrownBy(() -> files.find("s3://ours/x")).isInstanceOf(TableUnavailable.class);
    assertThatThrownBy(() -> files.find("s3://ours"))
        .isInstanceOf(TableRefused.class)
        .hasMessageContaining("is named s3://bucket/key");
  }

  /** One object of ten bytes, and one beside it. */
  private static final class Canned implements S3Client {
    private static final byte[] CONTENT = "0123456789".getBytes(StandardCharsets.UTF_8);

    private final List<String> asked = new ArrayList<>();
    private int status = 200;

    private void refuseIfTold() {
      if (status != 200) {
        throw S3Exception.builder().statusCode(status).message("canned").build();
      }
    }

    @Override
    public HeadObjectResponse headObject(HeadObjectRequest request) {
      refuseIfTold();
      return HeadObjectResponse.builder().contentLength(10L).eTag("\"v1\"").build();
    }

    @Override
    public ResponseBytes<GetObjectResponse> getObjectAsBytes(GetObjectRequest request) {
      refuseIfTold();
      asked.add(
          String.join(" ", request.bucket(), request.key(), request.ifMatch(), request.range()));
      var range = request.range().substring("bytes=".length()).split("-", -1);
      return ResponseBytes.fromByteArray(
          GetObjectResponse.builder().build(),
          Arrays.copyOfRange(CONTENT, Integer.parseInt(range[0]), Integer.parseInt(range[1]) + 1));
    }

    @Override
    public ListObjectsV2Iterable listObjectsV2Paginator(ListObjectsV2Request request) {
      return new ListObjectsV2Iterable(this, request);
    }

    @Override
    public ListObjectsV2Response listObjectsV2(ListObjectsV2Request request) {
      refuseIfTold();
      assertThat(request.delimiter()).isEqualTo("/");
      return ListObjectsV2Response.builder()
          .contents(
              object("a/"), object("a/items.jsonl"), object("a/.hidden"), object("a/more.jsonl"))
          .isTruncated(false)
          .build();
    }

    private static S3Object object(String key) {
      return S3Object.builder().key(key).size(10L).eTag("\"v1\"").build();
    }

    @Override
    public String serviceName() {
      return "s3";
    }

    @Override
    public void close() {}
  }
}
