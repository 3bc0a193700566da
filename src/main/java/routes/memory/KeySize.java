package routes.memory;

/**
 * One key as a look found it.
 *
 * @param bytes with what Redis needs to keep it
 * @param expires whether it goes by itself
 */
record KeySize(String key, long bytes, boolean expires) {}
