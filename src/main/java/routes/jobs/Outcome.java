package routes.jobs;

import com.fasterxml.jackson.annotation.JsonIgnore;

/** What a run leaves in the ledger: a record, shown as its {@code summary}. */
public interface Outcome {

  /** One line for people, such as {@code verified 200123 rows equal, RTO 3.2 s}. */
  @JsonIgnore
  String headline();
}
