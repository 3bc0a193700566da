/**
 * One per replica: claims due runs, calls their ports, keeps their leases, stops them, and records
 * how they ended.
 */
package routes.jobs.runner;
