package routes;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * Seed of the random choices of a test: another one for each commit, so that many cases are tried
 * over time, and the same one for the same commit, so that a test that failed fails again.
 */
public final class CommitSeed {

  private CommitSeed() {}

  /** From the hash of the commit that is checked out; 0 outside of a repository. */
  public static long get() {
    try {
      Process git =
          new ProcessBuilder("git", "rev-parse", "HEAD")
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String hash =
          new String(git.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
      return git.waitFor(10, TimeUnit.SECONDS) && git.exitValue() == 0
          ? Long.parseUnsignedLong(hash.substring(0, 15), 16)
          : 0;
    } catch (IOException e) {
      return 0; // no git
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while git named the commit", e);
    }
  }
}
