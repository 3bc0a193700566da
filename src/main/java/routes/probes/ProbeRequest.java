package routes.probes;

/**
 * What {@code probes.run} takes.
 *
 * @param probe only this one; empty: every one
 */
record ProbeRequest(String probe) {}
