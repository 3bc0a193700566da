package routes.analytics;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import routes.kernel.errors.InvalidInputException;
import routes.kernel.json.StrictJson;
import routes.kernel.json.UnstorableJsonException;

/** Reads rows of a file: JSON, one JSON object a line, or CSV with a header. Pure. */
final class RedteamFile {

  /** Most rows of one file. */
  static final int MOST_ROWS = 100_000;

  /** Most bytes of one row as its table holds it. */
  static final int MOST_BYTES = 1 << 20;

  /** Columns whose text is a number or an object; all others are text. */
  private static final Set<String> NUMBERS = Set.of("score", "cvss");

  private static final Set<String> OBJECTS = Set.of("details");

  private static final ObjectWriter ASCII =
      StrictJson.unchecked().writer().with(JsonWriteFeature.ESCAPE_NON_ASCII.mappedFeature());

  private RedteamFile() {}

  /**
   * A row as it was found.
   *
   * @param line where it begins, from 1; in a JSON list its number, from 1
   * @param text as it stands there
   * @param row null when it is none
   * @param wrong why it is none; null when it is one
   */
  record Row(long line, String text, JsonNode row, String wrong) {}

  /** How rows are written. */
  enum Form {
    JSON,
    LINES,
    CSV;

    /** Of a media type or of a name's end; null when it is another. */
    static Form of(String mediaType) {
      return switch (mediaType) {
        case "application/json" -> JSON;
        case "application/x-ndjson", "application/jsonl", "application/x-jsonlines" -> LINES;
        case "text/csv" -> CSV;
        default -> null;
      };
    }
  }

  /**
   * @param header what CSV may begin with
   * @throws InvalidInputException when the file as a whole cannot be read, with the line
   */
  static List<Row> read(byte[] bytes, Form form, CsvHeader header) {
    String text;
    try {
      text = StrictJson.text(bytes);
    } catch (CharConversionException e) {
      throw new InvalidInputException("body", "is not UTF-8");
    }
    return switch (form) {
      case JSON -> json(text);
      case LINES -> lines(text);
      case CSV -> csv(text, header);
    };
  }

  /** Rows that are JSON already. */
  static List<Row> of(Iterable<JsonNode> all) {
    List<Row> rows = new ArrayList<>();
    for (JsonNode row : all) {
      add(rows, row(rows.size() + 1, row.toString(), row));
    }
    return rows;
  }

  private static List<Row> json(String text) {
    List<Row> rows = new ArrayList<>();
    try (JsonParser parser = StrictJson.unchecked().createParser(text)) {
      JsonToken first = parser.nextToken();
      if (first == JsonToken.START_OBJECT) {
        add(rows, next(parser, text, 1));
      } else if (first == JsonToken.START_ARRAY) {
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          add(rows, next(parser, text, rows.size() + 1));
        }
      } else {
        throw new InvalidInputException("body", "must be a JSON object or a list of them");
      }
      if (parser.nextToken() != null) {
        throw new InvalidInputException("body", "holds more than one JSON value");
      }
      return rows;
    } catch (JsonProcessingException e) {
      throw new InvalidInputException("body", noJson(e));
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a text needs no input
    }
  }

  /** The row that a parser has come to. By itself: what no tree can hold must not end the file. */
  private static Row next(JsonParser parser, String text, long line) throws IOException {
    int from = (int) parser.currentTokenLocation().getCharOffset();
    parser.skipChildren();
    parser.finishToken();
    String each = text.substring(from, (int) parser.currentLocation().getCharOffset());
    try {
      JsonNode row = StrictJson.uncheckedTree(each);
      return row(line, row.toString(), row);
    } catch (JsonProcessingException e) {
      return new Row(line, each, null, noJson(e));
    }
  }

  private static List<Row> lines(String text) {
    List<Row> rows = new ArrayList<>();
    long line = 0;
    for (String each : (Iterable<String>) text.lines()::iterator) {
      line++;
      if (each.isBlank()) {
        continue;
      }
      try {
        add(rows, row(line, each, StrictJson.uncheckedTree(each)));
      } catch (JsonProcessingException e) {
        add(rows, new Row(line, each, null, noJson(e)));
      }
    }
    return rows;
  }

  private static Row row(long line, String text, JsonNode row) {
    String wrong = row != null && row.isObject() ? wrong(row) : "is no JSON object";
    return new Row(line, inUtf8(text, row), wrong == null ? row : null, wrong);
  }

  /**
   * Two rows that differ in halves of characters are two dead letters, not one of question marks.
   */
  private static String inUtf8(String text, JsonNode row) {
    if (StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      return text;
    }
    try {
      return ASCII.writeValueAsString(row);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("what was read as JSON cannot be written", e);
    }
  }

  /**
   * Why its table cannot hold a row as it was sent; null when it can. Before its schema is asked.
   */
  private static String wrong(JsonNode row) {
    Optional<UnstorableJsonException> unfit = StrictJson.unfit(row);
    if (unfit.isPresent()) {
      return unfit.get().asInvalidInput().getMessage();
    }
    if (StrictJson.holdsNul(row)) {
      return "holds a NUL character";
    }
    return StrictJson.storedBytes(row) > MOST_BYTES
        ? "has more than " + MOST_BYTES + " bytes, its numbers written without exponents"
        : null;
  }

  private static List<Row> csv(String text, CsvHeader header) {
    CSVFormat format =
        CSVFormat.RFC4180.builder().setIgnoreEmptyLines(false).setTrailingData(false).get();
    List<Row> rows = new ArrayList<>();
    List<String> columns = null;
    long line = 1;
    try (CSVParser parser = CSVParser.parse(new StringReader(text), format)) {
      for (CSVRecord record : parser) {
        if (!isEmpty(record)) {
          if (columns == null) {
            columns = header.read(line, record.toList());
          } else {
            add(rows, row(line, columns, record));
          }
        }
        line = parser.getCurrentLineNumber() + 1;
      }
    } catch (UncheckedIOException | IOException e) {
      if (columns == null) {
        header.check(line, text.lines().skip(line - 1).findFirst().orElse(""));
      }
      throw new InvalidInputException(
          "line " + line,
          "is no CSV as RFC 4180 has it: a quote is not closed, or text stands between a quote and"
              + " the next comma");
    }
    if (columns == null) {
      throw new InvalidInputException(
          "body",
          "is empty: the first line must name the columns " + String.join(", ", header.columns()));
    }
    return rows;
  }

  /** Spreadsheets write rows below the last one, of commas alone. */
  private static boolean isEmpty(CSVRecord record) {
    return record.stream().allMatch(String::isBlank);
  }

  private static Row row(long line, List<String> columns, CSVRecord record) {
    if (record.size() != columns.size()) {
      // As a JSON list: joined by commas, rows that differ would be one dead letter.
      ArrayNode values = StrictJson.mapper().createArrayNode();
      record.forEach(values::add);
      return new Row(
          line,
          values.toString(),
          null,
          "has " + record.size() + " values for " + columns.size() + " columns");
    }
    ObjectNode row = StrictJson.mapper().createObjectNode();
    for (int i = 0; i < columns.size(); i++) {
      String value = record.get(i);
      if (!value.isEmpty()) {
        row.set(columns.get(i), value(columns.get(i), value));
      }
    }
    // As JSON: a row without the names above it could not be mended in its dead letter.
    return row(line, row.toString(), row);
  }

  /** What is no number or object stays text, which the schema then refuses by name. */
  private static JsonNode value(String column, String text) {
    try {
      if (NUMBERS.contains(column) && text.length() <= 100) {
        return StrictJson.mapper().getNodeFactory().numberNode(new BigDecimal(text.strip()));
      }
      if (OBJECTS.contains(column)) {
        return StrictJson.uncheckedTree(text);
      }
    } catch (NumberFormatException | JsonProcessingException e) {
      // told by the schema
    }
    return StrictJson.mapper().getNodeFactory().textNode(text);
  }

  private static void add(List<Row> rows, Row row) {
    if (rows.size() == MOST_ROWS) {
      throw new InvalidInputException("body", "holds more than " + MOST_ROWS + " rows; send less");
    }
    rows.add(row);
  }

  private static String noJson(JsonProcessingException e) {
    if (e instanceof UnstorableJsonException) {
      return e.getOriginalMessage();
    }
    String what =
        e instanceof StreamConstraintsException ? StrictJson.OUT_OF_BOUNDS : "is not JSON";
    return e.getLocation() == null
        ? what
        : "%s, see line %s, column %s"
            .formatted(what, e.getLocation().getLineNr(), e.getLocation().getColumnNr());
  }
}
