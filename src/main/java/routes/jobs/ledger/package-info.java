/**
 * {@code hub.job_run}: runs that are queued, claimed under a lease with a fence, and ended once.
 */
package routes.jobs.ledger;
