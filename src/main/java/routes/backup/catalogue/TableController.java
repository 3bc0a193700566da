package routes.backup.catalogue;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import routes.backup.postgres.dump.TableDownload;
import routes.backup.repositories.Repositories;
import routes.kernel.errors.HttpException;
import routes.kernel.errors.InvalidInputException;
import routes.kernel.errors.NotFoundException;
import routes.repository.format.Entry;
import routes.repository.format.EntryKind;
import routes.web.operations.Fails;
import routes.web.operations.Needs;
import routes.web.security.Audit;
import routes.web.security.Caller;
import routes.web.security.Role;

/**
 * Rows of one table of a snapshot. A table is written as it is read; when a chunk turns out to be
 * damaged, the connection is cut, so that nobody takes a part for the whole.
 */
@RestController
public class TableController {

  /** Each holds a thread of the server and two chunks. */
  private static final int MOST_AT_A_TIME = 4;

  private final Repositories repositories;
  private final Audit audit;
  private final Semaphore places = new Semaphore(MOST_AT_A_TIME);

  TableController(Repositories repositories, Audit audit) {
    this.repositories = repositories;
    this.audit = audit;
  }

  @GetMapping("/api/snapshots/{source}/{id}/tables/{table}")
  @Needs(Role.OPERATOR)
  @Operation(
      operationId = "snapshots.table",
      summary = "Downloads the rows of one table; an answer that breaks off is not the whole table")
  @ApiResponse(
      responseCode = "200",
      description = "The rows, in the snapshot's order",
      content = {@Content(mediaType = "text/csv"), @Content(mediaType = "application/sql")})
  @Fails(
      status = 503,
      when = "Too many tables are being downloaded; Retry-After says when to ask again")
  void table(
      @PathVariable @Parameter(description = "Name of the source, as the repository has it")
          String source,
      @PathVariable @Parameter(description = "latest, the snapshot's id, or the beginning of one")
          String id,
      @PathVariable @Parameter(description = "schema.table, as the snapshot lists it") String table,
      @RequestParam(defaultValue = "csv") @Parameter(description = "csv, or sql for psql")
          TableDownload.Format format,
      Caller caller,
      HttpServletResponse response)
      throws IOException {
    Repositories.Found found = Repositories.asked(() -> find(source, id));
    Entry entry = entry(found.manifest().entries(), table);
    if (!places.tryAcquire()) {
      throw new HttpException(
          503,
          "Unavailable",
          MOST_AT_A_TIME + " tables are being downloaded; ask again in a while",
          Map.of());
    }
    try (TableDownload download = new TableDownload(found.repository(), found.manifest(), entry)) {
      audit.record(
          caller.name(),
          "snapshots.table",
          found.snapshot().source() + "/" + found.snapshot().id(),
          Map.of(
              "table",
              TableDownload.label(entry),
              "format",
              format.name().toLowerCase(Locale.ROOT)));
      response.setContentType(
          (format == TableDownload.Format.CSV ? "text/csv;header=present" : "application/sql")
              + download.encoding().map(name -> ";charset=" + name).orElse(""));
      response.setHeader("Content-Disposition", "attachment");
      download.write(format, response.getOutputStream());
    } finally {
      places.release();
    }
  }

  private Repositories.Found find(String source, String id) {
    try {
      return repositories.findToRestore(source, id);
    } catch (InvalidInputException e) {
      throw new NotFoundException("snapshot", source + "/" + id, e.getMessage());
    }
  }

  /**
   * @param table as the snapshot lists it, or with those parts in quotes that hold a dot or a quote
   * @throws InvalidInputException when an older snapshot calls several tables so
   */
  public static Entry entry(List<Entry> entries, String table) {
    List<Entry> found =
        entries.stream()
            .filter(one -> one.kind() == EntryKind.TABLE)
            .filter(one -> one.name().equals(table) || TableDownload.label(one).equals(table))
            .toList();
    if (found.isEmpty()) {
      throw new NotFoundException("table", table, "see the snapshot's entries, kind table");
    }
    if (found.size() > 1) {
      throw new InvalidInputException(
          "table",
          "is the name of several here: "
              + String.join(" and ", found.stream().map(TableDownload::label).toList()));
    }
    return found.get(0);
  }
}
