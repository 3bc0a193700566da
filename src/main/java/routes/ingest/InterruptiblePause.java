package routes.ingest;

/** A pause that the end of its pump cuts short. */
final class InterruptiblePause {

  private boolean on = true;

  synchronized boolean isOn() {
    return on;
  }

  synchronized void pause(long ms) {
    long until = System.nanoTime() + ms * 1_000_000;
    try {
      for (long left = ms; on && left > 0; left = (until - System.nanoTime()) / 1_000_000) {
        wait(left);
      }
    } catch (InterruptedException e) {
      on = false;
      Thread.currentThread().interrupt();
    }
  }

  synchronized void end() {
    on = false;
    notifyAll();
  }
}
