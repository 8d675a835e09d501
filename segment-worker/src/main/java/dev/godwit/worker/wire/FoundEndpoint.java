package dev.godwit.worker.wire;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.awscore.endpoint.AwsClientEndpointProvider;
import software.amazon.awssdk.awscore.endpoint.DualstackEnabledProvider;
import software.amazon.awssdk.awscore.endpoint.FipsEnabledProvider;
import software.amazon.awssdk.awscore.endpoints.AccountIdEndpointMode;
import software.amazon.awssdk.awscore.endpoints.AccountIdEndpointModeResolver;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.profiles.ProfileFileSystemSetting;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.endpoints.DynamoDbEndpointProvider;

/**
 * A service's endpoint as the SDK's own clients find it, by the SDK's rules and settings: {@code
 * AWS_ENDPOINT_URL_…} of the service, {@code AWS_ENDPOINT_URL} and their like in a profile, FIPS
 * and dual-stack endpoints.
 */
final class FoundEndpoint {
  private final boolean fips;
  private final boolean dualStack;
  private final AccountIdEndpointMode accounts;
  private final AwsClientEndpointProvider settings;

  /**
   * One of the few that answer for prices: AWS Billing user guide, "Finding services and products
   * using the AWS Price List Query API", endpoints; read 2026-11-26.
   */
  static final Region REGION_OF_PRICES = Region.US_EAST_1;

  private FoundEndpoint(Region region, String name, String variable, String property) {
    var profiles = new Profiles();
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
    this.settings =
        AwsClientEndpointProvider.builder()
            .serviceEndpointOverrideEnvironmentVariable("AWS_ENDPOINT_URL_" + variable)
            .serviceEndpointOverrideSystemProperty("aws.endpointUrl" + property)
            .serviceProfileProperty(variable.toLowerCase(Locale.ROOT))
            .serviceEndpointPrefix(name)
            .defaultProtocol("https")
            .region(region)
            .profileFile(profiles::file)
            .profileName(profiles.name())
            .dualstackEnabled(dualStack)
            .fipsEnabled(fips)
            .build();
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

  /** Application Auto Scaling's. */
  static Endpoint ofAutoScaling(Region region) {
    var found =
        new FoundEndpoint(
            region,
            "application-autoscaling",
            "APPLICATION_AUTO_SCALING",
            "ApplicationAutoScaling");
    return Endpoint.at(found.settings.clientEndpoint());
  }

  /** The Price List Query API's. */
  static Endpoint ofPriceList() {
    var found = new FoundEndpoint(REGION_OF_PRICES, "api.pricing", "PRICING", "Pricing");
    return Endpoint.at(found.settings.clientEndpoint());
  }

  /** DynamoDB's; of the account, where the credentials tell whose they are. */
  static Endpoint ofDynamoDb(Region region) {
    var found = new FoundEndpoint(region, "dynamodb", "DYNAMODB", "DynamoDb");
    var byAccount = new ConcurrentHashMap<Optional<String>, URI>();
    return who -> {
      var account = who.accountId();
      var known = byAccount.get(account);
      if (known == null) {
        known = found.ruled(region, account);
        byAccount.put(account, known);
      }
      return known;
    };
  }

  private URI ruled(Region region, Optional<String> account) {
    try {
      return Endpoint.checked(address(region, account));
    } catch (CompletionException e) {
      var cause = e.getCause() == null ? e : e.getCause();
      throw SdkClientException.create("DynamoDB has no endpoint: " + cause.getMessage(), cause);
    } catch (IllegalArgumentException e) {
      throw SdkClientException.create("DynamoDB has no endpoint: " + e.getMessage(), e);
    }
  }

  private URI address(Region region, Optional<String> account) {
    return DynamoDbEndpointProvider.defaultProvider()
        .resolveEndpoint(
            ruling -> {
              ruling
                  .region(region)
                  .useFips(fips)
                  .useDualStack(dualStack)
                  .accountIdEndpointMode(accounts.name().toLowerCase(Locale.ROOT));
              if (settings.isEndpointOverridden()) {
                ruling.endpoint(settings.clientEndpoint().toString());
              }
              account.ifPresent(ruling::accountId);
            })
        .join()
        .url();
  }
}
