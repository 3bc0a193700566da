package routes.backup.postgres.dump;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Turns PostgreSQL's COPY text, in any encoding of a database and in pieces of any size, into CSV.
 * Pure, and holds no more than a few bytes whatever the size of a row.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-copy.html">COPY, Text Format</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc4180">RFC 4180</a>
 */
final class CopyText {

  /** Where in a row the next byte stands. */
  private enum State {
    START,
    FIELD,
    ESCAPE,
    NULL
  }

  private final OutputStream out;
  private State state = State.START;
  private boolean quoted;

  /**
   * @param out gets the CSV; many small writes
   */
  CopyText(OutputStream out) {
    this.out = out;
  }

  /** The first line: names of columns. */
  void header(List<String> columns, Charset charset) throws IOException {
    String line =
        columns.stream()
            .map(name -> '"' + name.replace("\"", "\"\"") + '"')
            .collect(Collectors.joining(",", "", "\r\n"));
    out.write(line.getBytes(charset));
  }

  /**
   * Adds a piece. A NULL becomes nothing, and every value stands in quotes: so the two are told
   * apart, and a value of any size passes without being held to look what is in it.
   */
  void piece(byte[] bytes, int offset, int length) throws IOException {
    for (int at = offset; at < offset + length; at++) {
      next(bytes[at]);
    }
  }

  private void next(byte here) throws IOException {
    switch (state) {
      case ESCAPE -> escaped(here);
      case NULL -> end(here);
      default -> {
        if (here == '\t' || here == '\n') {
          end(here);
        } else if (here == '\\') {
          state = State.ESCAPE;
        } else {
          open();
          write(here);
        }
      }
    }
  }

  private void escaped(byte here) throws IOException {
    // Only as the beginning of a field, and COPY writes a backslash that is meant as two.
    if (here == 'N' && !quoted) {
      state = State.NULL;
      return;
    }
    open();
    write(
        switch (here) {
          case 'b' -> (byte) '\b';
          case 'f' -> (byte) '\f';
          case 'n' -> (byte) '\n';
          case 'r' -> (byte) '\r';
          case 't' -> (byte) '\t';
          case 'v' -> (byte) 0x0b;
          default -> here;
        });
  }

  private void open() throws IOException {
    if (!quoted) {
      out.write('"');
      quoted = true;
    }
    state = State.FIELD;
  }

  private void write(byte value) throws IOException {
    if (value == '"') {
      out.write('"');
    }
    out.write(value);
  }

  private void end(byte separator) throws IOException {
    if (state != State.NULL) {
      open();
      out.write('"');
    }
    if (separator == '\t') {
      out.write(',');
    } else {
      out.write('\r');
      out.write('\n');
    }
    quoted = false;
    state = State.START;
  }
}
