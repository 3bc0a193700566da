package routes.telemetry;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingResult;
import java.util.List;
import org.springframework.boot.actuate.autoconfigure.tracing.TracingProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Which traces are kept. Every run and every change is; of what is asked often and changes nothing
 * to look back at, a share, since a trace costs such a request more than its own work does. A
 * caller that traces its request has the last word.
 */
@Configuration(proxyBeanMethods = false)
public class TraceSampling {

  // A sampler is shown neither method nor path: the server's span begins before both are known.
  private static final ThreadLocal<Boolean> OFTEN = new ThreadLocal<>();

  /** What is begun by this thread until {@link #seldom} is asked often. */
  public static void often() {
    OFTEN.set(true);
  }

  /** Ends what {@link #often} began. */
  public static void seldom() {
    OFTEN.remove();
  }

  @Bean
  public Sampler sampler(TracingProperties tracing, TracesProperties traces) {
    double all = tracing.getSampling().getProbability();
    return Sampler.parentBased(
        new Root(
            Sampler.traceIdRatioBased(all), Sampler.traceIdRatioBased(all * traces.requests())));
  }

  /** Decides where a trace begins. */
  private record Root(Sampler all, Sampler share) implements Sampler {

    @Override
    public SamplingResult shouldSample(
        Context parent,
        String traceId,
        String name,
        SpanKind kind,
        Attributes attributes,
        List<LinkData> links) {
      Sampler sampler = OFTEN.get() == null ? all : share;
      return sampler.shouldSample(parent, traceId, name, kind, attributes, links);
    }

    @Override
    public String getDescription() {
      return "Root{all=" + all.getDescription() + ", often=" + share.getDescription() + "}";
    }
  }
}
