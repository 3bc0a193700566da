package routes.messaging.outbox;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * {@code hub.events.*}: how events reach Redis.
 *
 * @param prefix of every stream and of the Pub/Sub channel of the same name; default {@code
 *     events:}
 * @param retain how long a stream keeps an entry, whoever has read it; default 7 d
 * @param keep how long the outbox keeps an event after it was relayed; default 24 h
 * @param resend what was relayed so long before a restart of Redis was noticed is relayed again;
 *     default 5 s. An append-only file that is synced every second loses two at most; a failover
 *     loses as much as its replica lags
 * @param poll longest an event that another replica wrote waits to be noticed; default 250 ms
 * @param lease a relay that says nothing for so long loses its lanes; default 10 s
 */
@Validated
@ConfigurationProperties("hub.events")
public record EventProperties(
    @NotNull @Pattern(regexp = "[A-Za-z0-9_.:-]{1,64}") @DefaultValue("events:") String prefix,
    @NotNull @DefaultValue("7d") Duration retain,
    @NotNull @DefaultValue("24h") Duration keep,
    @NotNull @DefaultValue("5s") Duration resend,
    @NotNull @DefaultValue("250ms") Duration poll,
    @NotNull @DefaultValue("10s") Duration lease) {

  public EventProperties {
    if (resend != null && resend.compareTo(Duration.ofSeconds(2)) < 0) {
      throw new IllegalArgumentException(
          "hub.events.resend ("
              + resend
              + ") must be at least 2s: so much an append-only file that is synced every second loses");
    }
    if (resend != null && keep != null && keep.compareTo(resend) <= 0) {
      throw new IllegalArgumentException(
          ("hub.events.keep (%s) must be longer than hub.events.resend (%s): what is deleted "
                  + "cannot be relayed again")
              .formatted(keep, resend));
    }
    if (poll != null && lease != null && lease.compareTo(poll.multipliedBy(4)) < 0) {
      throw new IllegalArgumentException(
          ("hub.events.lease (%s) must be at least four times hub.events.poll (%s): a relay "
                  + "that has nothing to do must not lose its lanes")
              .formatted(lease, poll));
    }
  }

  /** Stream and Pub/Sub channel of an event channel. */
  public String stream(String channel) {
    return prefix + channel;
  }
}
