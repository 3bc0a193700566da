/**
 * The ledger, the runner and the life of a run.
 *
 * <p>Quartz fires on every replica, in memory; the ledger ({@code hub.job_run}) decides. A trigger
 * only inserts a queued run; a {@link routes.jobs.Runner} claims it under a lease with a fencing
 * number and calls the port {@code direct:<job>}. A feature declares a {@link routes.jobs.Job} as a
 * bean, with the methods that do the work or a route of its own; it needs nothing else from here
 * but the {@link routes.jobs.RunContext}, which travels as the exchange property {@code run}.
 */
package routes.jobs;
