package routes.backup.postgres.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import routes.kernel.errors.PermanentException;

/** A pg_dump that is older than its server is no pg_dump. */
class PgToolsTest {

  @TempDir private Path folder;

  @Test
  void aServerNewerThanPgDumpIsToldWithWhatToInstall() throws Exception {
    program("pg_dump", "pg_dump (PostgreSQL) 12.4 (Debian 12.4-1)");
    program("pg_restore", "pg_restore (PostgreSQL) 12.4");

    assertThatThrownBy(() -> PgTools.forServer(folder, 15))
        .isInstanceOf(PermanentException.class)
        .hasMessageContaining("PostgreSQL 15")
        .hasMessageContaining("12.4")
        .hasMessageContaining("postgresql-client-15")
        .hasMessageContaining("hub.backup.pg-bin");
  }

  @Test
  void theVersionIsReadOfReleasesAndBetas() throws Exception {
    program("pg_restore", "pg_restore (PostgreSQL) 18beta1");
    program("pg_dump", "pg_dump (PostgreSQL) 18beta1");

    assertThat(PgTools.forServer(folder, 18).major()).isEqualTo(18);
    assertThat(PgTools.forServer(folder, 13).version()).isEqualTo("18beta1");
  }

  @Test
  void aFolderWithoutProgramsIsToldAsSuch() {
    assertThatThrownBy(() -> PgTools.forServer(folder, 15))
        .isInstanceOf(PermanentException.class)
        .hasMessageContaining("no pg_dump is installed");
  }

  @Test
  void aChildSeesNothingOfTheHubsEnvironment() throws Exception {
    Path seen = folder.resolve("seen");
    program("pg_restore", "");
    program("pg_dump", "pg_dump (PostgreSQL) 15.1'\nenv > '" + seen);

    PgTools.forServer(folder, 15);

    assertThat(System.getenv()).as("there is something to see").containsKey("HOME");
    assertThat(Files.readAllLines(seen))
        .extracting(line -> line.split("=")[0])
        .contains("PATH", "LC_ALL")
        .isSubsetOf("PATH", "LC_ALL", "PWD", "SHLVL", "_", "OLDPWD");
  }

  private void program(String name, String says) throws IOException {
    Path file = folder.resolve(name);
    Files.writeString(file, "#!/bin/sh\necho '" + says + "'\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }
}
