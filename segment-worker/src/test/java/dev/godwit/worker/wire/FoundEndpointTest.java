package dev.godwit.worker.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** The endpoint is where the SDK's own client would go, setting by setting. */
class FoundEndpointTest {
  private final Map<String, String> before = new HashMap<>();

  @AfterEach
  void reset() {
    before.forEach(
        (name, value) -> {
          if (value.isEmpty()) {
            System.clearProperty(name);
          } else {
            System.setProperty(name, value);
          }
        });
  }

  private void set(String name, String value) {
    before.putIfAbsent(name, System.getProperty(name, ""));
    System.setProperty(name, value);
  }

  @ParameterizedTest
  @ValueSource(strings = {"eu-west-1", "us-gov-east-1", "cn-north-1", "mx-central-1"})
  void of_region_isWhereTheSdkGoes(String region) {
    assertSame(region, nobody());
    assertSame(region, ofAnAccount());
  }

  @ParameterizedTest
  @CsvSource({
    "aws.useFipsEndpoint, true",
    "aws.useDualstackEndpoint, true",
    "aws.accountIdEndpointMode, disabled",
    "aws.endpointUrlDynamoDb, http://localhost:8000",
    "aws.endpointUrl, https://vpce-1.example.com",
  })
  void of_setting_isWhereTheSdkGoes(String name, String value) {
    set(name, value);

    assertSame("eu-west-1", nobody());
    assertSame("eu-west-1", ofAnAccount());
  }

  @Test
  void ofPriceList_isOfTheOneRegionForAll() {
    assertThat(FoundEndpoint.ofPriceList().of(nobody()))
        .isEqualTo(URI.create("https://api.pricing.us-east-1.amazonaws.com"));
  }

  @Test
  void ofAutoScaling_region_isItsOwn() {
    assertThat(FoundEndpoint.ofAutoScaling(Region.EU_WEST_1).of(nobody()))
        .hasToString("https://application-autoscaling.eu-west-1.amazonaws.com");
    assertThat(FoundEndpoint.ofAutoScaling(Region.CN_NORTH_1).of(nobody()))
        .hasToString("https://application-autoscaling.cn-north-1.amazonaws.com.cn");
  }

  @ParameterizedTest
  @CsvSource({
    "aws.accountIdEndpointMode, required",
    "aws.endpointUrlDynamoDb, localhost:8000",
    "aws.endpointUrlDynamoDb, http://my_host:8000",
    "aws.endpointUrlDynamoDb, http://localhost:99999",
  })
  void of_settingLeadsNowhere_isSaidAsTheSdksClientsDo(String name, String value) {
    set(name, value);

    assertThatThrownBy(() -> FoundEndpoint.ofDynamoDb(Region.EU_WEST_1).of(nobody()))
        .isInstanceOf(SdkClientException.class)
        .hasMessageStartingWith("DynamoDB has no endpoint: ");
  }

  private static AwsCredentials nobody() {
    return AwsBasicCredentials.create("id", "secret");
  }

  private static AwsCredentials ofAnAccount() {
    return AwsBasicCredentials.builder()
        .accessKeyId("id")
        .secretAccessKey("secret")
        .accountId("123456789012")
        .build();
  }

  private static void assertSame(String region, AwsCredentials who) {
    assertThat(FoundEndpoint.ofDynamoDb(Region.of(region)).of(who))
        .isEqualTo(ofTheSdk(region, who));
  }

  /** Where a client of the SDK would send a request; it is kept from sending it. */
  private static URI ofTheSdk(String region, AwsCredentials who) {
    var seen = new LinkedHashMap<String, URI>();
    try (var client =
        DynamoDbClient.builder()
            .region(Region.of(region))
            .credentialsProvider(StaticCredentialsProvider.create(who))
            .httpClientBuilder(Apache5HttpClient.builder())
            .overrideConfiguration(it -> it.addExecutionInterceptor(new Held(seen)))
            .build()) {
      client.listTables();
    } catch (SdkClientException e) {
      return Optional.ofNullable(seen.get("to")).orElseThrow(() -> e);
    }
    throw new AssertionError("The request was sent");
  }

  private static final class Held implements ExecutionInterceptor {
    private final Map<String, URI> seen;

    Held(Map<String, URI> seen) {
      this.seen = seen;
    }

    @Override
    public void beforeTransmission(
        Context.BeforeTransmission context, ExecutionAttributes attributes) {
      var to = context.httpRequest().getUri();
      seen.put("to", URI.create(to.getScheme() + "://" + to.getAuthority()));
      throw SdkClientException.create("held");
    }
  }
}
