package routes.repository.format;

/** What was asked does not fit how the repository is encrypted; the message says what to set. */
public final class EncryptionRefusedException extends RepositoryException {
  private static final long serialVersionUID = 1L;

  public EncryptionRefusedException(String message) {
    super(message);
  }
}
