package routes.telemetry;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.springframework.stereotype.Component;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * One client span per S3 call made inside a trace. Calls outside of one (health checks) make none.
 *
 * <p>An object that is written carries the trace in its metadata, as {@code traceparent}: who finds
 * it finds the run that made it. Chunks do not, which many runs share and which are the same bytes
 * under the same name whoever sent them.
 */
@Component
public class S3Spans implements ExecutionInterceptor {

  /** Content-addressed. */
  private static final Pattern SHARED = Pattern.compile("(^|/)chunks/[0-9a-f]{2}/");

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
  public SdkRequest modifyRequest(Context.ModifyRequest context, ExecutionAttributes attributes) {
    SdkRequest request = context.request();
    Span span = attributes.getAttribute(SPAN);
    if (span == null) {
      return request;
    }
    if (request instanceof PutObjectRequest put && !SHARED.matcher(put.key()).find()) {
      return put.toBuilder().metadata(with(put.metadata(), span)).build();
    }
    if (request instanceof CreateMultipartUploadRequest upload
        && !SHARED.matcher(upload.key()).find()) {
      return upload.toBuilder().metadata(with(upload.metadata(), span)).build();
    }
    return request;
  }

  private static Map<String, String> with(Map<String, String> metadata, Span span) {
    Map<String, String> more = new TreeMap<>(metadata);
    more.put("traceparent", Spans.traceparent(span));
    return more;
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
