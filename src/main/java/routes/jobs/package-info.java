/**
 * A job: its declaration ({@link routes.jobs.Job}), its parameters, its plan, and what a run of it
 * may use ({@link routes.jobs.RunContext}). A feature needs nothing else.
 *
 * <p>Quartz fires on every replica, in memory; the ledger ({@code hub.job_run}) decides. A trigger
 * only inserts a queued run; the runner claims it under a lease with a fencing number and calls the
 * port {@code direct:<job>}.
 */
package routes.jobs;
