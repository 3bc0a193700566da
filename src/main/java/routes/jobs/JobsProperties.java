package routes.jobs;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * {@code hub.jobs.*}
 *
 * @param slots runs this replica works on at a time, count; default 4
 * @param lease a run whose owner says nothing for so long is taken over; default 10 s
 * @param renewEvery how often the owner renews the lease and checks for a cancel; default 2 s
 * @param pollEvery longest a due run waits for a free slot to notice it; default 1 s
 * @param misfireGrace a fire this late counts as missed; default 10 s
 * @param reconcileEvery how often missed fires are looked for; default 10 s
 * @param maxLost hubs a run may take down before it is given up, count; default 3
 * @param shutdownGrace how long a stopping hub lets its runs finish before it hands them back;
 *     default 10 s
 */
@Validated
@ConfigurationProperties("hub.jobs")
public record JobsProperties(
    @Min(1) @Max(64) @DefaultValue("4") int slots,
    @NotNull @DefaultValue("10s") Duration lease,
    @NotNull @DefaultValue("2s") Duration renewEvery,
    @NotNull @DefaultValue("1s") Duration pollEvery,
    @NotNull @DefaultValue("10s") Duration misfireGrace,
    @NotNull @DefaultValue("10s") Duration reconcileEvery,
    @Min(1) @DefaultValue("3") int maxLost,
    @NotNull @DefaultValue("10s") Duration shutdownGrace) {

  public JobsProperties {
    if (lease != null && renewEvery != null && lease.compareTo(renewEvery.multipliedBy(3)) < 0) {
      throw new IllegalArgumentException(
          ("hub.jobs.lease (%s) must be at least three times hub.jobs.renew-every (%s): one "
                  + "slow renewal must not cost a run")
              .formatted(lease, renewEvery));
    }
  }
}
