package routes.repository.crypto;

import com.exceptionfactory.jagged.FileKey;
import com.exceptionfactory.jagged.RecipientStanzaWriter;
import com.exceptionfactory.jagged.x25519.X25519RecipientStanzaWriterFactory;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;

/** Whom an age file is sealed for: public keys {@code age1…}, sorted, each once. */
public final class Recipients {
  /** Nobody: not encrypted. */
  public static final Recipients NONE = new Recipients(List.of());

  private static final int MOST = 20;

  private final List<String> names;

  private Recipients(List<String> names) {
    this.names = names.stream().sorted().distinct().toList();
  }

  /**
   * Takes recipients that new chunks are sealed for, at most {@value #MOST}.
   *
   * @throws IllegalArgumentException beginning with {@code [<index>]}, without the text: it may be
   *     a secret at the wrong place
   */
  public static Recipients parse(List<String> texts) {
    if (texts.size() > MOST) {
      throw new IllegalArgumentException(" are " + texts.size() + ", at most " + MOST + " go");
    }
    List<String> names = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      String text = texts.get(i).strip();
      if (text.regionMatches(true, 0, Identities.PREFIX, 0, Identities.PREFIX.length())) {
        throw new IllegalArgumentException(
            "["
                + i
                + "] is an identity, which is secret; its recipient (age1…) belongs here:"
                + " `age-keygen -y <identity file>` prints it");
      }
      if (!isRecipient(text)) {
        throw new IllegalArgumentException(
            "["
                + i
                + "] is not an age recipient (age1… of an X25519 key, as `age-keygen` prints it)");
      }
      names.add(text);
    }
    return new Recipients(names);
  }

  /** Those a manifest names; nothing is sealed for them. */
  public static Recipients named(List<String> names) {
    return new Recipients(names);
  }

  private static boolean isRecipient(String text) {
    try {
      // Sealing something is the only way to meet keys that are well-formed but no points.
      writer(text).getRecipientStanzas(new FileKey());
      return true;
    } catch (GeneralSecurityException | RuntimeException e) {
      return false;
    }
  }

  private static RecipientStanzaWriter writer(String name) throws GeneralSecurityException {
    return X25519RecipientStanzaWriterFactory.newRecipientStanzaWriter(name);
  }

  /** For one thread. */
  public List<RecipientStanzaWriter> writers() {
    List<RecipientStanzaWriter> writers = new ArrayList<>();
    for (String name : names) {
      try {
        writers.add(writer(name));
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("was checked: " + name, e);
      }
    }
    return writers;
  }

  public List<String> names() {
    return names;
  }

  public boolean isEmpty() {
    return names.isEmpty();
  }

  public int count() {
    return names.size();
  }

  String joined() {
    return String.join("\n", names);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Recipients same && same.names.equals(names);
  }

  @Override
  public int hashCode() {
    return names.hashCode();
  }

  @Override
  public String toString() {
    return String.join(", ", names);
  }
}
