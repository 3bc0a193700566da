package routes.backup;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import routes.backup.postgres.TableDownload;
import routes.platform.audit.Audit;
import routes.platform.error.HttpException;
import routes.platform.error.InvalidInputException;
import routes.platform.error.NotFoundException;
import routes.platform.http.ApiIngress;
import routes.platform.http.ApiRequest;
import routes.repository.Entry;
import routes.repository.EntryKind;

/**
 * {@code GET /api/snapshots/{source}/{id}/tables/{table}}, the operation that Camel cannot serve,
 * since it gathers a whole answer first. A table is written as it is read; when a chunk turns out
 * to be damaged, the connection is cut, so that nobody takes a part for the whole.
 */
@RestController
class TableController {

  /** Each holds a thread of the server and two chunks. */
  private static final int MOST_AT_A_TIME = 4;

  private final ApiIngress ingress;
  private final Repositories repositories;
  private final Audit audit;
  private final Semaphore places = new Semaphore(MOST_AT_A_TIME);

  TableController(ApiIngress ingress, Repositories repositories, Audit audit) {
    this.ingress = ingress;
    this.repositories = repositories;
    this.audit = audit;
  }

  @GetMapping("/api/snapshots/{source}/{id}/tables/{table}")
  void table(HttpServletRequest request, HttpServletResponse response)
      throws IOException, HttpRequestMethodNotSupportedException {
    if (!request.getMethod().equals("GET")) {
      throw new HttpRequestMethodNotSupportedException(request.getMethod());
    }
    ApiRequest asked = ingress.read(request);
    TableDownload.Format format = format(asked.query("format"));
    Repositories.Found found = Repositories.asked(() -> find(asked));
    Entry entry = entry(found.manifest().entries(), asked.path("table"));
    if (!places.tryAcquire()) {
      throw new HttpException(
          503,
          "Unavailable",
          MOST_AT_A_TIME + " tables are being downloaded; ask again in a while",
          Map.of());
    }
    try (TableDownload download = new TableDownload(found.repository(), found.manifest(), entry)) {
      audit.record(
          asked.actor(),
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

  private static TableDownload.Format format(String text) {
    if (text == null || text.equals("csv")) {
      return TableDownload.Format.CSV;
    }
    if (text.equals("sql")) {
      return TableDownload.Format.SQL;
    }
    throw new InvalidInputException("format", "must be csv or sql");
  }

  private Repositories.Found find(ApiRequest asked) {
    try {
      return repositories.findToRestore(asked.path("source"), asked.path("id"));
    } catch (InvalidInputException e) {
      throw new NotFoundException(
          "snapshot", asked.path("source") + "/" + asked.path("id"), e.getMessage());
    }
  }

  /**
   * @param table as the snapshot lists it, or with those parts in quotes that hold a dot or a quote
   * @throws InvalidInputException when an older snapshot calls several tables so
   */
  static Entry entry(List<Entry> entries, String table) {
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
