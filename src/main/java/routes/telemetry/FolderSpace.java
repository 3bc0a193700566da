package routes.telemetry;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * {@code hub_disk_free_bytes} and {@code hub_disk_size_bytes} of the disk that a folder lies on.
 * Read in the background: a network disk that is away lets the question hang.
 */
public final class FolderSpace implements RefreshedMetrics {

  private final Path folder;
  private volatile double free = Double.NaN;
  private volatile double size = Double.NaN;

  /**
   * @param name bounded, such as {@code repository}; the label {@code folder}
   * @param folder that may not be there yet; empty: there is nothing to tell
   */
  public FolderSpace(String name, Optional<Path> folder, MeterRegistry registry) {
    this.folder = folder.map(path -> path.toAbsolutePath().normalize()).orElse(null);
    if (this.folder == null) {
      return;
    }
    Gauge.builder("hub.disk.free", () -> free)
        .baseUnit("bytes")
        .description("What this hub may still write to the disk of one of its folders")
        .tag("folder", name)
        .register(registry);
    Gauge.builder("hub.disk.size", () -> size)
        .baseUnit("bytes")
        .description("Size of the disk of one of this hub's folders")
        .tag("folder", name)
        .register(registry);
  }

  @Override
  public void refresh() {
    Path there = folder;
    while (there != null && Files.notExists(there)) {
      there = there.getParent();
    }
    if (there != null) {
      free = there.toFile().getUsableSpace();
      size = there.toFile().getTotalSpace();
    }
  }
}
