package routes.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import routes.backup.catalogue.TableController;
import routes.kernel.errors.InvalidInputException;
import routes.kernel.errors.NotFoundException;
import routes.repository.format.Entry;
import routes.repository.format.EntryKind;

/** How a person names a table that is downloaded. */
class TableNamesTest {

  private static final Entry ONE = table("a", "b.c", "a.b.c");
  private static final Entry OTHER = table("a.b", "c", "a.b.c");
  private static final Entry PLAIN = table("shop", "orders", "shop.orders");

  private static Entry table(String schema, String name, String label) {
    return Entry.of(EntryKind.TABLE, label, Map.of("schema", schema, "table", name), List.of());
  }

  @Test
  void tablesThatAnOlderSnapshotCallsAlikeAreToldApartByQuotes() {
    List<Entry> entries = List.of(ONE, OTHER, PLAIN);

    assertThat(TableController.entry(entries, "shop.orders")).isEqualTo(PLAIN);
    assertThat(TableController.entry(entries, "a.\"b.c\"")).isEqualTo(ONE);
    assertThat(TableController.entry(entries, "\"a.b\".c")).isEqualTo(OTHER);
    assertThatThrownBy(() -> TableController.entry(entries, "a.b.c"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("a.\"b.c\" and \"a.b\".c");
  }

  @Test
  void oneThatNoOtherIsCalledLikeNeedsNoQuotes() {
    assertThat(TableController.entry(List.of(OTHER, PLAIN), "a.b.c")).isEqualTo(OTHER);
    assertThatThrownBy(() -> TableController.entry(List.of(OTHER, PLAIN), "b.c"))
        .isInstanceOf(NotFoundException.class);
  }
}
