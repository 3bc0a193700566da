package routes.devservices;

/** The life of one server: a child process, a container, or a listener in this JVM. */
interface Engine {

  /** Returns when the server answers. */
  void start();

  /** Orderly stop; returns when it is gone. */
  void stop();

  /** SIGKILL; returns when it is gone. */
  void kill();

  /** Stops for good; deletes data that was not meant to last. */
  void close();

  /** A store the user configured. */
  static Engine foreign(String key) {
    return new Engine() {
      @Override
      public void start() {
        // It is the user's: whether it runs shows when it is used.
      }

      @Override
      public void stop() {
        throw refused();
      }

      @Override
      public void kill() {
        throw refused();
      }

      @Override
      public void close() {
        // Nothing was started, so nothing is stopped.
      }

      private IllegalStateException refused() {
        return new IllegalStateException("the store configured by " + key + " is not ours to stop");
      }
    };
  }
}
