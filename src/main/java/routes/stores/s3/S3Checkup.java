package routes.stores.s3;

import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.annotation.Order;
import routes.kernel.doctor.Check;
import routes.kernel.doctor.Checkup;
import routes.kernel.doctor.Findings;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** The S3 endpoint and its keys; what a bucket must allow is its feature's to look at. */
@Order(32)
record S3Checkup(ObjectProvider<S3Properties> s3) implements Checkup {

  @Override
  public List<Check> checks() {
    return List.of(new Check("hub.s3", findings -> look(s3.getObject(), findings)));
  }

  private static void look(S3Properties properties, Findings findings) {
    if (!properties.hasEndpoint()) {
      findings.ok("AWS, " + properties.region());
      return;
    }
    String endpoint = properties.endpoint().toString();
    try (S3Client s3 = S3Clients.impatient(properties)) {
      findings.ok(endpoint + ", " + s3.listBuckets().buckets().size() + " buckets");
    } catch (S3Exception e) {
      String code = e.awsErrorDetails() == null ? "" : e.awsErrorDetails().errorCode();
      if (e.statusCode() == 403 && code.equals("AccessDenied")) {
        findings.ok(endpoint + ", may not list buckets");
      } else {
        findings.fail(
            endpoint + " answers " + e.statusCode() + " " + code,
            e.statusCode() == 403 || e.statusCode() == 401
                ? "check hub.s3.access-key and hub.s3.secret-key, and this machine's clock"
                : "check that hub.s3.endpoint is an S3 endpoint");
      }
    } catch (SdkException e) {
      findings.fail(
          endpoint + ": " + e.getMessage(),
          "check hub.s3.endpoint, and that the server runs and listens there");
    }
  }
}
