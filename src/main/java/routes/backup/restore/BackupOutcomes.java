package routes.backup.restore;

import java.time.Duration;
import java.util.Locale;
import routes.backup.postgres.restore.RolesRestore;
import routes.jobs.Outcome;
import routes.kernel.Amounts;

/** What the jobs of this feature leave in the ledger. */
public final class BackupOutcomes {

  private BackupOutcomes() {}

  /**
   * A backup.
   *
   * @param rows of all tables
   * @param plainBytes before compression
   * @param storedBytes after it, all chunks of the snapshot
   * @param newBytes of these, sent by this run
   */
  public record BackedUp(
      String source,
      String snapshot,
      int tables,
      long rows,
      long plainBytes,
      long storedBytes,
      long newBytes,
      Duration took)
      implements Outcome {
    @Override
    public String headline() {
      return String.format(
          Locale.ROOT,
          "%d tables, %d rows, %s as %s, %s new, in %s",
          tables,
          rows,
          Amounts.bytes(plainBytes),
          Amounts.bytes(storedBytes),
          Amounts.bytes(newBytes),
          Amounts.seconds(took));
    }
  }

  /**
   * A drill that found every row equal.
   *
   * @param rto from the first byte read to the last index built
   */
  public record Drilled(
      String source, String snapshot, int tables, long rows, long plainBytes, Duration rto)
      implements Outcome {
    @Override
    public String headline() {
      return "verified " + rows + " rows equal, RTO " + Amounts.seconds(rto);
    }
  }

  /**
   * A verification.
   *
   * @param snapshot its id, or {@code all}
   * @param snapshots count
   * @param chunks distinct ones that were read
   * @param part which share of the chunks was read; empty: all of them
   */
  public record Verified(
      String source,
      String snapshot,
      int snapshots,
      long chunks,
      long plainBytes,
      String part,
      Duration took)
      implements Outcome {
    @Override
    public String headline() {
      return (snapshots == 1 ? "" : snapshots + " snapshots, ")
          + chunks
          + " chunks"
          + (part.isEmpty() ? "" : " (" + part + ")")
          + ", "
          + Amounts.bytes(plainBytes)
          + " read and right, in "
          + Amounts.seconds(took);
    }
  }

  /**
   * A restore, every row compared.
   *
   * @param kept name of the database whose place it took, or null
   * @param roles what became of the snapshot's roles, or null
   */
  record Restored(
      String source,
      String snapshot,
      String target,
      String database,
      String kept,
      RolesRestore.Done roles,
      int tables,
      long rows,
      Duration took)
      implements Outcome, RestoredDatabase {
    @Override
    public String headline() {
      return "restored %s rows, all equal, into %s/%s in %s%s%s"
          .formatted(
              rows,
              target,
              database,
              Amounts.seconds(took),
              roles == null ? "" : "; " + RestorePlan.words(roles),
              RestorePlan.kept(kept));
    }
  }

  /**
   * The catalogue, made equal to the repository.
   *
   * @param snapshots that the repository holds
   * @param added of these, unknown until now
   * @param forgotten known until now, and held no more
   */
  public record Rebuilt(int snapshots, int added, int forgotten) implements Outcome {
    @Override
    public String headline() {
      return snapshots + " snapshots, " + added + " added, " + forgotten + " forgotten";
    }
  }
}
