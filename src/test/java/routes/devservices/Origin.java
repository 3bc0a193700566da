package routes.devservices;

import java.util.ArrayList;
import java.util.List;

/**
 * Where a store came from.
 *
 * @param kind which step of the order was taken
 * @param what the URL, image, directory or artifact, without secrets
 * @param passedOver why each earlier step was not taken, in order
 */
record Origin(Kind kind, String what, List<String> passedOver) {

  /** The order in which a store is looked for. */
  enum Kind {
    CONFIGURED("configured"),
    DOCKER("Docker image"),
    BINARY("server on this machine"),
    EMBEDDED("embedded");

    final String words;

    Kind(String words) {
      this.words = words;
    }
  }

  /** Collects the reasons while a search goes down the order. */
  static final class Search {
    private final List<String> reasons = new ArrayList<>();

    void passOver(String reason) {
      reasons.add(reason);
    }

    Origin take(Kind kind, String what) {
      return new Origin(kind, what, List.copyOf(reasons));
    }
  }
}
