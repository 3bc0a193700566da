package routes.repository.format;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What the bytes of an {@link Entry} are. {@code docs/formats/repository.md} describes each. */
public enum EntryKind {
  /** A pg_dump custom archive of the pre-data and post-data sections. */
  DDL,
  /** SQL text of pg_dumpall: roles and tablespaces. */
  GLOBALS,
  /** Rows of one leaf table in PostgreSQL's COPY text format. */
  TABLE,
  /** JSON lines, one per sequence: schema, name, last_value, is_called. */
  SEQUENCES,
  /** COPY text rows of (loid, offset, bytea). */
  LARGEOBJECTS,
  /** One object of a bucket. */
  OBJECT,
  /** One file of a folder. */
  FILE;

  @JsonValue
  public String json() {
    return name().toLowerCase(Locale.ROOT);
  }

  @JsonCreator
  static EntryKind of(String json) {
    for (EntryKind kind : values()) {
      if (kind.json().equals(json)) {
        return kind;
      }
    }
    throw new IllegalArgumentException("unknown entry kind '" + json + "'");
  }
}
