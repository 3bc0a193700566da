package routes.backup.imports;

import java.time.Duration;
import routes.jobs.Outcome;
import routes.kernel.Amounts;

/**
 * An import.
 *
 * @param files that were looked at, count
 * @param imported of these, by this run
 * @param there of these, already
 * @param plainBytes of the imported, unpacked
 * @param newBytes sent
 */
record ImportOutcome(
    String from,
    String source,
    int files,
    int imported,
    int there,
    long plainBytes,
    long newBytes,
    Duration took)
    implements Outcome {

  @Override
  public String headline() {
    return "%s of %s %s imported, %s were there, %s read, %s new, in %s"
        .formatted(
            imported,
            files,
            files == 1 ? "file" : "files",
            there,
            Amounts.bytes(plainBytes),
            Amounts.bytes(newBytes),
            Amounts.seconds(took));
  }
}
