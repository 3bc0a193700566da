package routes.backup.repositories;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.annotation.Order;
import routes.backup.config.BackupProperties;
import routes.backup.config.Sources;
import routes.backup.postgres.database.SourceExamination;
import routes.kernel.doctor.Check;
import routes.kernel.doctor.Checkup;
import routes.stores.postgres.PostgresAddress;

/** Every source, every target and the server that drills are on. */
@Order(41)
record DatabasesCheckup(
    ObjectProvider<Sources> sources, ObjectProvider<BackupProperties> properties)
    implements Checkup {

  @Override
  public List<Check> checks() {
    Sources configured = sources.getObject();
    BackupProperties backup = properties.getObject();
    Path pgBin = backup.pgBin();
    List<Check> checks = new ArrayList<>();
    Map<String, CompletableFuture<Integer>> majors = new TreeMap<>();
    if (configured.names().isEmpty()) {
      checks.add(
          new Check(
              "hub.sources",
              findings ->
                  findings.warn(
                      "nothing is backed up", "set hub.sources.<name>.url and password")));
    }
    for (String name : configured.names()) {
      String key = "hub.sources." + name;
      CompletableFuture<Integer> major = new CompletableFuture<>();
      majors.put(name, major);
      PostgresAddress address = configured.source(name);
      checks.add(
          new Check(
              key, findings -> SourceExamination.source(key, address, pgBin, major, findings)));
    }
    for (String name : configured.targetNames()) {
      checks.add(server("hub.targets." + name, configured.target(name), pgBin, majors));
    }
    drill(configured, backup, majors, checks);
    return checks;
  }

  private static void drill(
      Sources configured,
      BackupProperties backup,
      Map<String, CompletableFuture<Integer>> majors,
      List<Check> checks) {
    BackupProperties.Drill drill = backup.drill();
    if (drill.isConfigured()) {
      checks.add(server(BackupProperties.Drill.KEY, drill.address(), backup.pgBin(), majors));
    } else if (drill.onSource()) {
      majors.forEach(
          (name, major) ->
              checks.add(
                  server(
                      "hub.sources." + name + " (drills)",
                      configured.source(name),
                      backup.pgBin(),
                      Map.of(name, major))));
    } else if (!majors.isEmpty()) {
      checks.add(
          new Check(
              BackupProperties.Drill.KEY,
              findings ->
                  findings.warn(
                      "no backup is ever proven by a restore",
                      "set hub.backup.drill.url to a server of the sources' major version")));
    }
  }

  private static Check server(
      String key, PostgresAddress address, Path pgBin, Map<String, CompletableFuture<Integer>> of) {
    return new Check(key, findings -> SourceExamination.server(key, address, pgBin, of, findings));
  }
}
