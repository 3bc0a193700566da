package routes.cache;

import java.nio.charset.StandardCharsets;
import org.apache.commons.codec.digest.DigestUtils;
import routes.kernel.errors.HttpException;

/**
 * Where a prediction lies: {@code prediction:<model>:<version>:<SHA-256 of the input's normal
 * form>}.
 *
 * @param hash 64 lower-case hex digits
 * @param normal the input's normal form
 */
record PredictionKey(ModelVersion scope, String hash, String normal) {

  /** Largest normal form of an input, in bytes of UTF-8. */
  static final int MOST_BYTES = 1 << 20;

  /**
   * @param path how mistakes in the input are named
   */
  static PredictionKey of(ModelVersion scope, CanonicalJson input, String path) {
    byte[] bytes = input.text().getBytes(StandardCharsets.UTF_8);
    if (bytes.length > MOST_BYTES) {
      throw tooLarge(path, MOST_BYTES);
    }
    return new PredictionKey(scope, DigestUtils.sha256Hex(bytes), input.text());
  }

  /**
   * @param normal a normal form already. Read again it might not be taken: {@code 1e20} is written
   *     there with all its digits
   */
  static PredictionKey ofNormal(ModelVersion scope, String normal) {
    return new PredictionKey(scope, DigestUtils.sha256Hex(normal), normal);
  }

  String prediction() {
    return scope.predictions() + hash;
  }

  String lease() {
    return scope.leases() + hash;
  }

  /** Key that notes when it was deleted, as the version's count was then. */
  String deletion() {
    return scope.deletion() + hash;
  }

  static HttpException tooLarge(String path, int most) {
    return new HttpException(
        413,
        "Too large",
        path + ": at most " + most + " bytes are taken; send less",
        java.util.Map.of("field", path, "limitBytes", most));
  }

  /** Without the input. */
  @Override
  public String toString() {
    return prediction();
  }
}
