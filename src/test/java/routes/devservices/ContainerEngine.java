package routes.devservices;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Volume;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.AbstractWaitStrategy;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.utility.DockerImageName;

/**
 * A server in a container that listens on one fixed port of 127.0.0.1, so that it is found there
 * again after a stop or a kill.
 */
final class ContainerEngine implements Engine {

  private final GenericContainer<?> container;
  private final BooleanSupplier probe;

  private ContainerEngine(GenericContainer<?> container, BooleanSupplier probe) {
    this.container = container;
    this.probe = probe;
  }

  @Override
  public synchronized void start() {
    if (container.getContainerId() == null) {
      container.start();
    } else if (!container.isRunning()) {
      docker().startContainerCmd(container.getContainerId()).exec();
    }
    if (!Await.until(probe)) {
      throw new IllegalStateException(
          container.getDockerImageName() + " does not answer; it said:\n" + container.getLogs());
    }
  }

  @Override
  public synchronized void stop() {
    if (container.isRunning()) {
      docker().stopContainerCmd(container.getContainerId()).exec();
    }
  }

  @Override
  public synchronized void kill() {
    if (container.isRunning()) {
      docker().killContainerCmd(container.getContainerId()).exec();
    }
  }

  @Override
  public synchronized void close() {
    container.stop();
  }

  private DockerClient docker() {
    return container.getDockerClient();
  }

  /** What a container needs besides its image. */
  static final class Builder {
    private final GenericContainer<?> container;

    @SuppressWarnings("resource") // closed by the engine
    Builder(String image, int port, int innerPort) {
      container = new GenericContainer<>(DockerImageName.parse(image)).withExposedPorts(innerPort);
      container.setPortBindings(List.of("127.0.0.1:" + port + ":" + innerPort));
      container.waitingFor(new NoWait());
    }

    Builder environment(String name, String value) {
      container.withEnv(name, value);
      return this;
    }

    /** Secrets travel as files: the environment and arguments of a container are readable. */
    Builder file(String path, String text) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      container.withCopyToContainer(Transferable.of(bytes, 0444), path);
      return this;
    }

    Builder command(String... words) {
      container.withCommand(words);
      return this;
    }

    /** A named volume that belongs to {@code home}; none when {@code home} is null. */
    Builder volume(Path home, String path) {
      if (home != null) {
        String name =
            "ml-security-hub-" + home.getFileName() + "-" + Integer.toHexString(home.hashCode());
        container.withCreateContainerCmdModifier(
            create -> create.getHostConfig().withBinds(new Bind(name, new Volume(path))));
      }
      return this;
    }

    ContainerEngine build(BooleanSupplier probe) {
      return new ContainerEngine(container, probe);
    }
  }

  /** The engine asks the server itself, after a restart as well. */
  private static final class NoWait extends AbstractWaitStrategy {
    @Override
    protected void waitUntilReady() {
      // Left to the probe.
    }
  }
}
