/**
 * The ledger, the runner and the life of a run.
 *
 * <p>Quartz fires on every replica, in memory; the ledger ({@code hub.job_run}) decides. A trigger
 * only inserts a queued run; a {@link routes.jobs.Runner} claims it under a lease with a fencing
 * number and calls the port {@code direct:<job>}. A feature contributes a {@link
 * routes.jobs.JobDefinition} bean and a route; it needs nothing else from here but its {@link
 * routes.jobs.RunContext}, which travels as the exchange property {@code run}.
 */
package routes.jobs;
