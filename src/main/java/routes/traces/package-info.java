/**
 * Traces of the platform, as Jaeger keeps them: {@code GET /api/traces} asks Jaeger's query API, so
 * that a run's trace can be looked at with the hub's key and in the hub's words.
 */
package routes.traces;
