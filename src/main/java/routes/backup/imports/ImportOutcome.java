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
    return imported
        + " of "
        + files
        + (files == 1 ? " file" : " files")
        + " imported, "
        + there
        + " were there, "
        + Amounts.bytes(plainBytes)
        + " read, "
        + Amounts.bytes(newBytes)
        + " new, in "
        + Amounts.seconds(took);
  }
}
