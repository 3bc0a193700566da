package routes.doctor;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.annotation.Order;
import routes.kernel.HubProperties;
import routes.kernel.doctor.Check;
import routes.kernel.doctor.Checkup;
import routes.kernel.doctor.Findings;

/** The JVM, and the folder the hub keeps its key and short-lived files in. */
@Order(20)
record MachineCheckup(ObjectProvider<HubProperties> hub) implements Checkup {

  private static final long LITTLE = 1L << 30;
  private static final long TOO_LITTLE = 100L << 20;

  @Override
  public List<Check> checks() {
    return List.of(
        new Check("java", MachineCheckup::java),
        new Check("hub.state-dir", findings -> state(hub.getObject().stateDir(), findings)));
  }

  private static void java(Findings findings) {
    Runtime runtime = Runtime.getRuntime();
    findings.ok(
        "%s, %s processors, heap up to %s MiB"
            .formatted(
                Runtime.version(), runtime.availableProcessors(), runtime.maxMemory() >> 20));
  }

  private static void state(Path configured, Findings findings) throws Exception {
    Path folder = configured.toAbsolutePath().normalize();
    Path there = folder;
    while (Files.notExists(there)) {
      there = there.getParent();
    }
    if (!Files.isDirectory(there) || !Files.isWritable(there)) {
      findings.fail(there + " is not a folder this user may write to", "set hub.state-dir to one");
      return;
    }
    String mode = "made at the first start";
    boolean open = false;
    if (there.equals(folder)) {
      mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(folder));
      open = !mode.endsWith("------");
    }
    long free = there.toFile().getUsableSpace();
    String told = folder + ", " + mode + ", " + (free >> 20) + " MiB free";
    if (free < TOO_LITTLE) {
      findings.fail(told, "free at least " + (TOO_LITTLE >> 20) + " MiB");
    } else if (free < LITTLE) {
      findings.warn(told, "free at least " + (LITTLE >> 20) + " MiB");
    } else if (open) {
      findings.warn(told + ": open to others", "chmod 700 " + folder);
    } else {
      findings.ok(told);
    }
  }
}
