/** Metrics and traces: Camel's own, corrected, and those of what Camel cannot see. */
package routes.telemetry;
