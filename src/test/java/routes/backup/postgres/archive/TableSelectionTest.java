package routes.backup.postgres.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import routes.kernel.errors.InvalidInputException;
import routes.repository.format.Entry;
import routes.repository.format.EntryKind;
import routes.repository.format.Manifest;

class TableSelectionTest {

  private static final TableOfContents NONE = new TableOfContents(List.of());
  private static final Manifest SNAPSHOT =
      manifest("shop.customers", "shop.orders", "audit.log", "Odd \"S\".a, b", "public.customer");

  @ParameterizedTest(name = "{0} of schemas, {1} of tables")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          shop                 |                              | shop.customers;shop.orders
                               | audit.log                    | audit.log
          audit                | shop.orders,audit.log        | audit.log;shop.orders
                               | "Odd ""S"".a, b" , audit.log | Odd "S".a, b;audit.log
          Odd "S"              |                              | Odd "S".a, b
          """)
  void namesAreTakenAsTheSnapshotListsThem(String schemas, String tables, String found) {
    assertThat(
            TableSelection.of(SNAPSHOT, NONE, schemas, tables, List.of()).tables().stream()
                .map(Entry::name))
        .containsExactly(found.split(";"));
  }

  /** Two tables may have one label; quotes tell them apart, as in SQL. */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          "a"."b.c"          | a . b.c
          a."b.c"            | a . b.c
          "a.b".c            | a.b . c
          "a.b"."c" , "x"."y"| a.b . c;x . y
          x.y                | x . y
          """)
  void tablesOfOneLabelAreToldApart(String tables, String found) {
    Manifest manifest =
        manifest(new TableName("a", "b.c"), new TableName("a.b", "c"), new TableName("x", "y"));
    assertThat(
            TableSelection.of(manifest, NONE, null, tables, List.of()).tables().stream()
                .map(TableName::of)
                .map(name -> name.schema() + " . " + name.name()))
        .containsExactly(found.split(";"));
    assertThatThrownBy(() -> TableSelection.of(manifest, NONE, null, "a.b.c", List.of()))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "params.tables: 'a.b.c' may be any of \"a\".\"b.c\", \"a.b\".\"c\": write it like this");
  }

  @ParameterizedTest(name = "{0} of schemas, {1} of tables: {2}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          shpo |              | params.schemas: the snapshot has no 'shpo'; it has shop, audit
               | shop.custmer | params.tables: the snapshot has no 'shop.custmer'; it has shop.customers
               | customers    | params.tables: the snapshot has no 'customers'; it has shop.customers
               | SHOP.ORDERS  | params.tables: the snapshot has no 'SHOP.ORDERS'; it has shop.orders
               | a,,b         | params.tables: must be names between commas
               | "a           | params.tables: has a quote that does not end
               | "a"b         | params.tables: must be names between commas
          """)
  void whatIsNotThereIsToldWithWhatIs(String schemas, String tables, String told) {
    assertThatThrownBy(() -> TableSelection.of(SNAPSHOT, NONE, schemas, tables, List.of()))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(told);
  }

  private static Manifest manifest(String... tables) {
    return manifest(
        Stream.of(tables)
            .map(
                name -> {
                  int dot = name.lastIndexOf('.');
                  return new TableName(name.substring(0, dot), name.substring(dot + 1));
                })
            .toArray(TableName[]::new));
  }

  private static Manifest manifest(TableName... tables) {
    List<Entry> entries =
        Stream.of(tables)
            .map(
                name ->
                    Entry.of(
                        EntryKind.TABLE,
                        name.label(),
                        Map.of("schema", name.schema(), "table", name.name()),
                        List.of()))
            .toList();
    Instant now = Instant.EPOCH;
    return new Manifest(
        Manifest.FORMAT,
        "main",
        "postgres",
        "hub",
        "run",
        1,
        now,
        now,
        Map.of(),
        Map.of(),
        null,
        Manifest.NOT_ENCRYPTED,
        Manifest.Totals.of(entries, 0),
        entries);
  }
}
