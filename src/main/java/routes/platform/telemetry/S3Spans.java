package routes.platform.telemetry;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import org.springframework.stereotype.Component;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * One client span per S3 call made inside a trace. Calls outside of one (health checks) make none.
 */
@Component
public class S3Spans implements ExecutionInterceptor {

  private static final ExecutionAttribute<Span> SPAN = new ExecutionAttribute<>("hub.span");

  private final Spans spans;

  S3Spans(Spans spans) {
    this.spans = spans;
  }

  @Override
  public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
    if (!Span.current().getSpanContext().isValid()) {
      return;
    }
    String operation = attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME);
    Span span =
        spans
            .tracer()
            .spanBuilder("S3." + operation)
            .setSpanKind(SpanKind.CLIENT)
            .setAttribute("rpc.system", "aws-api")
            .setAttribute("rpc.method", operation)
            .startSpan();
    // The key may hold a person's name; the bucket is configuration.
    context
        .request()
        .getValueForField("Bucket", String.class)
        .ifPresent(bucket -> span.setAttribute("aws.s3.bucket", bucket));
    attributes.putAttribute(SPAN, span);
  }

  @Override
  public void afterExecution(Context.AfterExecution context, ExecutionAttributes attributes) {
    Span span = attributes.getAttribute(SPAN);
    if (span != null) {
      span.setAttribute("http.response.status_code", context.httpResponse().statusCode());
      span.end();
    }
  }

  @Override
  public void onExecutionFailure(Context.FailedExecution context, ExecutionAttributes attributes) {
    Span span = attributes.getAttribute(SPAN);
    if (span != null) {
      if (context.exception() instanceof S3Exception answer && isAnswer(answer.statusCode())) {
        span.setAttribute("http.response.status_code", answer.statusCode());
      } else {
        Spans.fail(span, context.exception());
      }
      span.end();
    }
  }

  /** "Not there" and "there already" are what a HEAD or a create-only PUT asks, no failures. */
  private static boolean isAnswer(int status) {
    return status == 404 || status == 409 || status == 412;
  }
}
