package dev.godwit.worker.wire;

import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.awscore.endpoint.AwsClientEndpointProvider;
import software.amazon.awssdk.awscore.endpoint.DualstackEnabledProvider;
import software.amazon.awssdk.awscore.endpoint.FipsEnabledProvider;
import software.amazon.awssdk.awscore.endpoints.AccountIdEndpointMode;
import software.amazon.awssdk.awscore.endpoints.AccountIdEndpointModeResolver;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.profiles.ProfileFileSystemSetting;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.endpoints.DynamoDbEndpointProvider;

/**
 * DynamoDB's endpoint as the SDK's own clients find it, by the SDK's rules and settings: {@code
 * AWS_ENDPOINT_URL_DYNAMODB}, {@code AWS_ENDPOINT_URL} and their like in a profile, FIPS and
 * dual-stack endpoints, and the endpoint of the account where the credentials tell whose they are.
 */
final class FoundEndpoint implements Endpoint {
  private static final String OF_NO_ACCOUNT = "";

  private final Region region;
  private final Optional<URI> set;
  private final boolean fips;
  private final boolean dualStack;
  private final AccountIdEndpointMode accounts;
  private final Map<String, URI> byAccount = new ConcurrentHashMap<>();

  FoundEndpoint(Region region) {
    var profiles = new Profiles();
    this.region = region;
    this.fips =
        FipsEnabledProvider.builder()
            .profileFile(profiles::file)
            .profileName(profiles.name())
            .build()
            .isFipsEnabled()
            .orElse(false);
    this.dualStack =
        DualstackEnabledProvider.builder()
            .profileFile(profiles::file)
            .profileName(profiles.name())
            .build()
            .isDualstackEnabled()
            .orElse(false);
    this.accounts =
        AccountIdEndpointModeResolver.create()
            .profileFile(profiles::file)
            .profileName(profiles.name())
            .defaultMode(AccountIdEndpointMode.PREFERRED)
            .resolve();
    var client =
        AwsClientEndpointProvider.builder()
            .serviceEndpointOverrideEnvironmentVariable("AWS_ENDPOINT_URL_DYNAMODB")
            .serviceEndpointOverrideSystemProperty("aws.endpointUrlDynamoDb")
            .serviceProfileProperty("dynamodb")
            .serviceEndpointPrefix("dynamodb")
            .defaultProtocol("https")
            .region(region)
            .profileFile(profiles::file)
            .profileName(profiles.name())
            .dualstackEnabled(dualStack)
            .fipsEnabled(fips)
            .build();
    this.set =
        client.isEndpointOverridden() ? Optional.of(client.clientEndpoint()) : Optional.empty();
  }

  /** The profile that is used, read when something in it is asked for. */
  private static final class Profiles {
    private Optional<ProfileFile> file = Optional.empty();

    String name() {
      return ProfileFileSystemSetting.AWS_PROFILE.getStringValueOrThrow();
    }

    ProfileFile file() {
      var read = file.orElseGet(ProfileFile::defaultProfileFile);
      file = Optional.of(read);
      return read;
    }
  }

  @Override
  public URI of(AwsCredentials who) {
    var account = who.accountId().orElse(OF_NO_ACCOUNT);
    var known = byAccount.get(account);
    if (known == null) {
      known = ruled(account);
      byAccount.put(account, known);
    }
    return known;
  }

  private URI ruled(String account) {
    return DynamoDbEndpointProvider.defaultProvider()
        .resolveEndpoint(
            ruling -> {
              ruling
                  .region(region)
                  .useFips(fips)
                  .useDualStack(dualStack)
                  .accountIdEndpointMode(accounts.name().toLowerCase(Locale.ROOT));
              set.ifPresent(address -> ruling.endpoint(address.toString()));
              if (!account.equals(OF_NO_ACCOUNT)) {
                ruling.accountId(account);
              }
            })
        .join()
        .url();
  }
}
