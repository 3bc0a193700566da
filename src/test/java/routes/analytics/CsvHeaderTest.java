package routes.analytics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import routes.analytics.RedteamFile.Form;
import routes.analytics.RedteamFile.Row;
import routes.kernel.errors.InvalidInputException;

/** Files as spreadsheets and people save them: taken, or refused once, saying why. */
class CsvHeaderTest {

  private static List<Row> read(String text) {
    return RedteamFile.read(
        text.getBytes(StandardCharsets.UTF_8), Form.CSV, Kind.ATTACK_PATTERNS.header());
  }

  @ParameterizedTest(name = "file {0}")
  @ValueSource(
      strings = {
        "pattern_id,name,category,severity\np,n,c,low\n",
        "PATTERN_ID,Name,Category,SEVERITY\np,n,c,low",
        "\ufeffpattern_id,name,category,severity\r\np,n,c,low\r\n\r\n\r\n",
        "\"pattern_id\" ,\"name\",\"category\",\"severity\"\n\"p\",\"n\",\"c\",\"low\"\n",
        "\n \n,,,\npattern_id,name,category,severity\n,,,\np,n,c,low\n , ,,\n,,,\n \n",
        "pattern_id,name,category,severity,description\rp,n,c,low,a;b\r",
        " severity , category,name,pattern_id\nlow,c,n,p\n",
      })
  void isRead(String text) {
    assertThat(read(text))
        .singleElement()
        .satisfies(
            row -> {
              assertThat(row.wrong()).isNull();
              assertThat(row.row().path("pattern_id").asText()).isEqualTo("p");
              assertThat(row.row().path("severity").asText()).isEqualTo("low");
            });
  }

  @ParameterizedTest(name = "file {0}")
  @CsvSource(
      delimiter = '!',
      quoteCharacter = '`',
      textBlock =
          """
          pattern_id;name;category\\np;n;c\\n  ! line 1: has ';' between its columns: a comma must stand there, and in each line below
          pattern_id\\tname\\np\\tn\\n         ! line 1: has '\\t' between its columns: a comma must stand there, and in each line below
          pattern_id|name\\np|n               ! line 1: has '|' between its columns: a comma must stand there, and in each line below
          p,n,c,low\\n                        ! line 1: must name the columns: 'p' is not a column; the columns are pattern_id, name, category, severity, description, reference
          pattern_id,name,colour\\np,n,red    ! line 1: must name the columns: 'colour' is not a column; the columns are pattern_id, name, category, severity, description, reference
          pattern_id,,name\\n                 ! line 1: must name the columns: '' is not a column; the columns are pattern_id, name, category, severity, description, reference
          pattern_id,name,Name\\n             ! line 1: must name each column once: pattern_id, name, name
          pattern_id,name,severity\\np,n,low  ! line 1: lacks columns that each row needs: category
          [{"pattern_id": "p"}]              ! line 1: is JSON: send it as application/json, or as application/x-ndjson
          [{"pattern_id": "p", "name": "n"}]  ! line 1: is JSON: send it as application/json, or as application/x-ndjson
          {"pattern_id":"p","name":"n"}\\n    ! line 1: is JSON: send it as application/json, or as application/x-ndjson
          "pattern_id";"name";"category"      ! line 1: has ';' between its columns: a comma must stand there, and in each line below
          "pattern_id"\\t"name"\\n"p"\\t"n"   ! line 1: has '\\t' between its columns: a comma must stand there, and in each line below
          sep=;\\npattern_id;name\\n          ! line 1: has ';' between its columns: a comma must stand there, and in each line below
          \\n  \\npattern_id;name\\n           ! line 3: has ';' between its columns: a comma must stand there, and in each line below
          \\n\\ncolour,name\\n                ! line 3: must name the columns: 'colour' is not a column; the columns are pattern_id, name, category, severity, description, reference
          "pattern_id" x,name\\n             ! line 1: is no CSV as RFC 4180 has it: a quote is not closed, or text stands between a quote and the next comma
          pattern_id,name,category,severity\\np,n,c,low\\np,"n" x,c,low\\n ! line 3: is no CSV as RFC 4180 has it: a quote is not closed, or text stands between a quote and the next comma
          {"pattern_id": 1}\\n{}              ! line 1: is JSON: send it as application/json, or as application/x-ndjson
          ``                                 ! body: is empty: the first line must name the columns pattern_id, name, category, severity, description, reference
          \\n\\n                               ! body: is empty: the first line must name the columns pattern_id, name, category, severity, description, reference
          """)
  void isRefusedOnceForTheWholeFile(String text, String error) {
    assertThatThrownBy(() -> read(text.replace("\\n", "\n").replace("\\t", "\t")))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(error);
  }

  @ParameterizedTest
  @EnumSource
  void aHeaderAloneIsAFileWithoutRows(Kind kind) {
    String header = String.join(",", kind.header().columns());
    assertThat(RedteamFile.read(header.getBytes(StandardCharsets.UTF_8), Form.CSV, kind.header()))
        .isEmpty();
  }
}
