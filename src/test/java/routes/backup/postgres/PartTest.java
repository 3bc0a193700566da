package routes.backup.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import routes.platform.error.InvalidInputException;
import routes.repository.Entry;
import routes.repository.EntryKind;
import routes.repository.Manifest;

class PartTest {

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
    assertThat(Part.of(SNAPSHOT, schemas, tables).tables().stream().map(Entry::name))
        .containsExactly(found.split(";"));
  }

  @Test
  void nothingChosenIsTheWholeSnapshot() {
    assertThat(Part.of(SNAPSHOT, null, null)).isNull();
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
    assertThatThrownBy(() -> Part.of(SNAPSHOT, schemas, tables))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(told);
  }

  private static Manifest manifest(String... tables) {
    List<Entry> entries =
        Stream.of(tables)
            .map(
                name -> {
                  int dot = name.lastIndexOf('.');
                  return Entry.of(
                      EntryKind.TABLE,
                      name,
                      Map.of("schema", name.substring(0, dot), "table", name.substring(dot + 1)),
                      List.of());
                })
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
