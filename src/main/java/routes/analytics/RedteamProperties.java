package routes.analytics;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * {@code hub.redteam.*}: files of red teams that somebody drops in a bucket.
 *
 * @param drop {@code s3://bucket/prefix} on the server of {@code hub.s3}; empty: nothing is looked
 *     for; default empty
 * @param every how often it is looked into; default 30 s
 */
@Validated
@ConfigurationProperties("hub.redteam")
record RedteamProperties(
    @NotNull
        @Pattern(regexp = "|s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]/[A-Za-z0-9._/-]*[A-Za-z0-9._-]")
        @DefaultValue("")
        String drop,
    @NotNull @DefaultValue("30s") Duration every) {

  boolean isOn() {
    return !drop.isEmpty();
  }

  String bucket() {
    return drop.substring("s3://".length(), drop.indexOf('/', "s3://".length()));
  }

  /** Ends with a slash. */
  String prefix() {
    return drop.substring(drop.indexOf('/', "s3://".length()) + 1) + "/";
  }
}
