package routes.jobs.triggers;

import java.text.ParseException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Date;
import java.util.Properties;
import java.util.UUID;
import org.apache.camel.component.quartz.QuartzComponent;
import org.apache.camel.component.quartz.QuartzConstants;
import org.apache.camel.spi.ComponentCustomizer;
import org.quartz.CronTrigger;
import org.quartz.JobDetail;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.Trigger;
import org.quartz.core.QuartzScheduler;
import org.quartz.core.QuartzSchedulerResources;
import org.quartz.impl.StdScheduler;
import org.quartz.impl.StdSchedulerFactory;
import org.quartz.impl.triggers.CronTriggerImpl;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import routes.jobs.JobCatalogue;

/**
 * Has Quartz wake the hub's triggers when {@link FireTimes} says, in the zone they name: its own
 * cron leaves out hours that daylight saving skips, and takes zones it does not know for GMT. Other
 * {@code quartz:} routes fire as Quartz has them.
 */
@Configuration(proxyBeanMethods = false)
class FireTimesScheduler {

  @Bean
  ComponentCustomizer quartzScheduler(JobCatalogue jobs) throws SchedulerException {
    Properties settings = new Properties();
    // Schedulers of one name in one process would be one scheduler.
    settings.setProperty("org.quartz.scheduler.instanceName", "hub-" + UUID.randomUUID());
    settings.setProperty("org.quartz.scheduler.skipUpdateCheck", "true");
    settings.setProperty("org.quartz.threadPool.threadCount", "10");
    // Sooner it would leave a fire out that is late, but not missed yet: hub.jobs.misfire-grace.
    settings.setProperty("org.quartz.jobStore.misfireThreshold", "60000");
    StdSchedulerFactory factory =
        new StdSchedulerFactory(settings) {
          @Override
          protected Scheduler instantiate(
              QuartzSchedulerResources resources, QuartzScheduler scheduler) {
            return new OnFireTimes(scheduler, jobs);
          }
        };
    return ComponentCustomizer.builder(QuartzComponent.class)
        .build(component -> component.setSchedulerFactory(factory));
  }

  private static final class OnFireTimes extends StdScheduler {

    private final JobCatalogue jobs;

    private OnFireTimes(QuartzScheduler scheduler, JobCatalogue jobs) {
      super(scheduler);
      this.jobs = jobs;
    }

    /**
     * @return the first fire; null when there is none, and then nothing is scheduled
     */
    @Override
    public Date scheduleJob(JobDetail job, Trigger trigger) throws SchedulerException {
      if (!(trigger instanceof CronTrigger cron) || !jobs.has(trigger.getKey().getGroup())) {
        return super.scheduleJob(job, trigger);
      }
      String zone = job.getJobDataMap().getString(QuartzConstants.QUARTZ_TRIGGER_CRON_TIMEZONE);
      try {
        // The plus of an offset came through an endpoint's URI, where it means a space.
        WakeUp wakeUp = new WakeUp(cron, ZoneId.of(zone.replace(' ', '+')));
        return wakeUp.computeFirstFireTime(null) == null ? null : super.scheduleJob(job, wakeUp);
      } catch (ParseException e) {
        throw new SchedulerException("cannot schedule " + trigger.getKey(), e);
      }
    }
  }

  /** A trigger of Quartz's that asks {@link FireTimes}. */
  private static final class WakeUp extends CronTriggerImpl {

    private static final long serialVersionUID = 1L;

    // Triggers are kept in memory: none is ever serialised.
    private final transient FireTimes times;

    private WakeUp(CronTrigger cron, ZoneId zone) throws ParseException {
      times = new FireTimes(cron.getCronExpression(), zone);
      setKey(cron.getKey());
      setCronExpression(cron.getCronExpression());
      setStartTime(cron.getStartTime());
      setMisfireInstruction(cron.getMisfireInstruction());
    }

    @Override
    protected Date getTimeAfter(Date after) {
      Instant next = times.next(after.toInstant());
      return next == null ? null : Date.from(next);
    }
  }
}
