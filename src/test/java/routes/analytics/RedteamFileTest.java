package routes.analytics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import routes.analytics.RedteamFile.Form;
import routes.analytics.RedteamFile.Row;
import routes.kernel.errors.InvalidInputException;

/** Rows as people and tools write them, each with its line. */
class RedteamFileTest {

  private static final CsvHeader ANY =
      new CsvHeader(List.of("a", "pattern_id", "name", "score", "details"), Set.of());

  private static List<Row> read(Form form, String text) {
    return RedteamFile.read(text.getBytes(StandardCharsets.UTF_8), form, ANY);
  }

  @Test
  void csvHasQuotesLineEndsInValuesAndAMark() {
    List<Row> rows =
        read(
            Form.CSV,
            "\ufeffpattern_id,name,score,details\r\n"
                + "p1,\"two\nlines, and \"\"quotes\"\"\",0.5,\"{\"\"a\"\":1}\"\r\n"
                + "\r\n"
                + "p2,x,high,\r\n"
                + "p3,too few\r\n");

    assertThat(rows).extracting(Row::line).containsExactly(2L, 5L, 6L);
    assertThat(rows.get(0).row().toString())
        .isEqualTo(
            "{\"pattern_id\":\"p1\",\"name\":\"two\\nlines, and \\\"quotes\\\"\",\"score\":0.5,\"details\":{\"a\":1}}");
    assertThat(rows.get(1).row().toString())
        .isEqualTo("{\"pattern_id\":\"p2\",\"name\":\"x\",\"score\":\"high\"}");
    assertThat(rows.get(2).wrong()).isEqualTo("has 2 values for 4 columns");
  }

  @Test
  void aLineThatIsNoJsonIsWrongForItselfAlone() {
    List<Row> rows =
        read(Form.LINES, "{\"a\":1}\n\n{\"a\":\nnull\n[1]\n{\"a\":1,\"a\":2}\n{\"b\":2}");

    assertThat(rows).extracting(Row::line).containsExactly(1L, 3L, 4L, 5L, 6L, 7L);
    assertThat(rows)
        .extracting(row -> row.wrong() == null)
        .containsExactly(true, false, false, false, false, true);
    assertThat(rows.get(1).text()).isEqualTo("{\"a\":");
  }

  @Test
  void jsonIsAListOrOneObject() {
    assertThat(read(Form.JSON, "[{\"a\":1},2]"))
        .extracting(Row::wrong)
        .containsExactly(null, "is no JSON object");
    assertThat(read(Form.JSON, "{\"a\":1}")).hasSize(1);
    for (String bad : List.of("", "1", "[", "{\"a\":1}{}", "[".repeat(200))) {
      assertThatThrownBy(() -> read(Form.JSON, bad))
          .as(bad)
          .isInstanceOf(InvalidInputException.class);
    }
  }

  @Test
  void rowsOfTheWrongLengthAreToldApartByTheirTexts() {
    assertThat(read(Form.CSV, "a\nx,\"y,z,w\"\n\"x,y\",\"z,w\"\n\"\"\"\",,\n"))
        .extracting(Row::text)
        .containsExactly("[\"x\",\"y,z,w\"]", "[\"x,y\",\"z,w\"]", "[\"\\\"\",\"\",\"\"]");
  }

  @Test
  void anExponentThatNoNumberHasIsRefusedWithItsRowAlone() {
    String bad = "{\"a\" : [1e99999999999]}";
    String worse = "{\"a\":-1.5E-10000000000}";
    for (Form form : List.of(Form.JSON, Form.LINES)) {
      List<String> rows = List.of("{\"b\":\"é😀\"}", bad, worse, "1e99999999999", "{\"c\":1}");
      List<Row> read =
          read(
              form,
              form == Form.JSON
                  ? " [" + String.join(" ,\n", rows) + "] "
                  : String.join("\n", rows));

      assertThat(read).extracting(Row::text).containsExactlyElementsOf(rows);
      assertThat(read)
          .extracting(row -> row.wrong() == null)
          .containsExactly(true, false, false, false, true);
      assertThat(read.get(1).wrong()).contains("exponent");
    }
    assertThat(read(Form.JSON, worse)).extracting(Row::text).containsExactly(worse);
    assertThat(read(Form.CSV, "a,details\n1,\"" + bad.replace("\"", "\"\"") + "\"\n"))
        .singleElement()
        .satisfies(row -> assertThat(row.row().path("details").isTextual()).isTrue());
  }

  @Test
  void aRowOfAListIsFoundWhereverItLies() {
    String filler = "{\"a\":\"" + "é\\n\\\"]}".repeat(900) + "\",\"b\":[{},[]]}";
    List<Row> read =
        read(
            Form.JSON,
            "[" + (filler + ",").repeat(20) + "\"s\",null,-1.5 ,true,{\"n\":1e99999999999}]");

    assertThat(read.subList(0, 20)).allSatisfy(row -> assertThat(row.wrong()).isNull());
    assertThat(read.subList(20, 25))
        .extracting(Row::text)
        .containsExactly("\"s\"", "null", "-1.5", "true", "{\"n\":1e99999999999}");
  }

  @Test
  void whatIsTooLongOrTooDeepIsToldAsThat() {
    String number = "{\"a\":" + "1".repeat(101) + "}";
    String deep = "{\"a\":" + "[".repeat(40) + "]".repeat(40) + "}";

    assertThat(read(Form.LINES, number + "\n" + deep))
        .extracting(Row::wrong)
        .allSatisfy(wrong -> assertThat(wrong).startsWith("is nested too deep, or holds a number"));
    for (String row : List.of(number, deep)) {
      assertThatThrownBy(() -> read(Form.JSON, "[" + row + ",{\"b\":1}]"))
          .hasMessageContaining("is nested too deep, or holds a number");
    }
  }

  @Test
  void whatIsNoFileIsToldAsAWhole() {
    for (String bad : List.of("a,a\n1,2", "a,\n1,2", "a\n\"open")) {
      assertThatThrownBy(() -> read(Form.CSV, bad))
          .as(bad)
          .isInstanceOf(InvalidInputException.class);
    }
    assertThatThrownBy(() -> RedteamFile.read(new byte[] {(byte) 0xff}, Form.LINES, ANY))
        .hasMessageContaining("UTF-8");
    assertThatThrownBy(() -> read(Form.CSV, "a\n" + "1\n".repeat(RedteamFile.MOST_ROWS + 1)))
        .hasMessageContaining("more than");
    assertThat(Form.of("application/x-java-serialized-object")).isNull();
  }
}
