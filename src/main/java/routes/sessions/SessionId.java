package routes.sessions;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Pattern;
import org.apache.commons.codec.digest.DigestUtils;
import routes.kernel.errors.InvalidInputException;

/**
 * Name of a session, and all that is needed to use it. It has room for 128 random bits or more,
 * told from its form: four per digit when it is hexadecimal, six per character otherwise. A UUID is
 * refused, since a random one has 122 and others can be guessed.
 */
final class SessionId {

  static final String HEADER = "X-Session-Id";

  static final String DESCRIPTION =
      "The session's id, of 128 random bits or more: 22 to 256 of A-Z a-z 0-9 _ -";

  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-]{22,256}");
  private static final Pattern HEX = Pattern.compile("[0-9a-fA-F-]*");
  private static final Pattern UUID =
      Pattern.compile("[0-9a-fA-F]{8}(-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12}");
  private static final Pattern VERSIONED =
      Pattern.compile("[0-9a-fA-F]{12}[1-8][0-9a-fA-F]{3}[89abAB][0-9a-fA-F]{15}");
  private static final int LEAST_BITS = 128;

  /** Fewer different characters are no chance: one in 10¹⁰ of random ids has so few. */
  private static final int LEAST_DIFFERENT = 6;

  private static final SecureRandom RANDOM = new SecureRandom();

  private final String text;

  private SessionId(String text) {
    this.text = text;
  }

  /** 256 random bits. */
  static SessionId random() {
    byte[] bits = new byte[32];
    RANDOM.nextBytes(bits);
    return new SessionId(Base64.getUrlEncoder().withoutPadding().encodeToString(bits));
  }

  /**
   * @param header as sent
   * @throws InvalidInputException which does not repeat it
   */
  static SessionId of(String header) {
    if (!FORM.matcher(header).matches()
        || bits(header) < LEAST_BITS
        || header.chars().distinct().count() < LEAST_DIFFERENT
        || isUuid(header)) {
      throw new InvalidInputException(
          HEADER,
          "must be an id of 128 random bits or more, in 22 to 256 of A-Z a-z 0-9 _ - (a UUID has"
              + " fewer); POST /api/sessions makes one, as does Python's secrets.token_urlsafe(32)");
    }
    return new SessionId(header);
  }

  private static int bits(String text) {
    return HEX.matcher(text).matches()
        ? 4 * (int) text.chars().filter(c -> c != '-').count()
        : 6 * text.length();
  }

  /** With its dashes, or with the marks of a version and a variant where a UUID has them. */
  private static boolean isUuid(String text) {
    return text.indexOf('-') > 0 && UUID.matcher(text).matches()
        || VERSIONED.matcher(text).matches();
  }

  String key() {
    return "session:" + text;
  }

  /** To be shown to whoever just made it. */
  String secret() {
    return text;
  }

  /** By which a session can be told from others of its user, and not be used. */
  static String handle(String key) {
    return DigestUtils.sha256Hex(key).substring(0, 32);
  }

  @Override
  public String toString() {
    return "SessionId[…]";
  }
}
