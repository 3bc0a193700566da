package routes.devservices;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.Bucket;
import software.amazon.awssdk.services.s3.model.S3Object;

/** The objects that the seeded tables name, and some that nothing names. A few megabytes in all. */
final class SeedObjects {

  private static final String ARTIFACTS = "mlflow-artifacts";
  private static final String TRAINING = "training-data";
  private static final String CACHE = "model-cache";
  private static final String DATASETS = "datasets";

  private static final List<String> COUNTRIES = List.of("DE", "SE", "JP", "BR", "NG");

  private SeedObjects() {}

  /** Puts what is missing; returns how many objects that were. */
  static int put(Connection connection, S3Client s3) throws SQLException {
    Set<String> buckets =
        s3.listBuckets().buckets().stream().map(Bucket::name).collect(Collectors.toSet());
    int written = 0;
    for (Map.Entry<String, Map<String, byte[]>> bucket : content(connection).entrySet()) {
      String name = bucket.getKey();
      if (!buckets.contains(name)) {
        s3.createBucket(request -> request.bucket(name));
      }
      Set<String> present =
          s3.listObjectsV2Paginator(request -> request.bucket(name)).contents().stream()
              .map(S3Object::key)
              .collect(Collectors.toSet());
      for (Map.Entry<String, byte[]> object : bucket.getValue().entrySet()) {
        if (!present.contains(object.getKey())) {
          s3.putObject(
              request -> request.bucket(name).key(object.getKey()),
              RequestBody.fromBytes(object.getValue()));
          written++;
        }
      }
    }
    return written;
  }

  private static Map<String, Map<String, byte[]>> content(Connection connection)
      throws SQLException {
    Map<String, Map<String, byte[]>> buckets = new TreeMap<>();
    buckets.put(ARTIFACTS, artifacts(connection));
    buckets.put(TRAINING, training(connection));
    buckets.put(CACHE, cache());
    buckets.put(DATASETS, datasets());
    return buckets;
  }

  /** The model files of every registered version, under the source that the registry names. */
  private static Map<String, byte[]> artifacts(Connection connection) throws SQLException {
    Map<String, byte[]> objects = new TreeMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet versions =
            statement.executeQuery(
                "SELECT name, version, replace(source, 's3://mlflow-artifacts/', ''), run_id"
                    + " FROM mlflow.model_versions ORDER BY name, version")) {
      while (versions.next()) {
        String model = versions.getString(1);
        int version = versions.getInt(2);
        String prefix = versions.getString(3);
        Draw draw = new Draw(model.hashCode() * 31L + version);
        objects.put(prefix + "/MLmodel", mlmodel(model, versions.getString(4)));
        objects.put(prefix + "/requirements.txt", text("mlflow>=3\nscikit-learn==1.5.2\n"));
        objects.put(prefix + "/model.bin", draw.bytes(draw.between(20_000, 60_000)));
        objects.put(model + "/sbom.cdx.json", sbom(model));
      }
    }
    return objects;
  }

  private static byte[] mlmodel(String model, String run) {
    return text(
        """
        artifact_path: model
        flavors:
          python_function:
            loader_module: mlflow.sklearn
            model_path: model.bin
        model_name: %s
        run_id: %s
        """
            .formatted(model, run));
  }

  private static byte[] sbom(String model) {
    return text(
        """
        {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
         "metadata": {"component": {"type": "machine-learning-model", "name": "%s"}}}
        """
            .formatted(model));
  }

  /** The file of every data set that a recorded run was trained on. */
  private static Map<String, byte[]> training(Connection connection) throws SQLException {
    Set<String> names = new TreeSet<>();
    try (Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery("SELECT DISTINCT name FROM mlflow.datasets")) {
      while (found.next()) {
        names.add(found.getString(1));
      }
    }
    Map<String, byte[]> objects = new TreeMap<>();
    for (String name : names) {
      Draw draw = new Draw(name.hashCode());
      for (int part = 0; part < 2; part++) {
        objects.put("%s/part-%03d.csv".formatted(name, part), csv(draw, 1_200));
      }
    }
    return objects;
  }

  private static byte[] csv(Draw draw, int rows) {
    StringBuilder csv =
        new StringBuilder("event_id,observed_at,amount,velocity_7d,country,label\n");
    for (int row = 0; row < rows; row++) {
      csv.append(draw.uuid())
          .append(
              ",2026-0%d-%02dT%02d:00:00Z,"
                  .formatted(draw.between(1, 10), draw.between(1, 29), draw.between(0, 24)))
          .append(Draw.decimal(Math.abs(draw.normal(120, 90)), 2))
          .append(',')
          .append(draw.between(0, 40))
          .append(',')
          .append(draw.one(COUNTRIES))
          .append(',')
          .append(draw.share(0.03) ? "fraud" : "genuine")
          .append('\n');
    }
    return text(csv.toString());
  }

  private static Map<String, byte[]> cache() {
    Map<String, byte[]> objects = new TreeMap<>();
    for (String model : SeedRows.MODELS) {
      Draw draw = new Draw(model.hashCode() * 17L);
      objects.put(model + "/champion/weights.bin", draw.bytes(120_000));
      objects.put(
          model + "/champion/config.json",
          text("{\"threshold\": 0.8%d}\n".formatted(draw.between(0, 10))));
    }
    return objects;
  }

  private static Map<String, byte[]> datasets() {
    Map<String, byte[]> objects = new TreeMap<>();
    objects.put("README.md", text("Reference windows per model, one file per month.\n"));
    for (String model : SeedRows.MODELS) {
      for (int month = 7; month <= 9; month++) {
        Draw draw = new Draw(model.hashCode() * 13L + month);
        objects.put("reference/%s/2026-%02d.csv".formatted(model, month), csv(draw, 400));
      }
    }
    return objects;
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
