package routes.backup.imports;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;

/**
 * A file that may be a dump.
 *
 * @param name without folder
 * @param size bytes, as listed
 * @param modified as listed
 * @param refusal why it is not read, or null
 * @param content opens it
 */
record DumpFile(String name, long size, Instant modified, String refusal, Content content) {

  /** Opens a file; each call from its beginning. */
  interface Content {
    InputStream open() throws IOException;
  }
}
