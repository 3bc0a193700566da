/** Asking for runs: from the API, from routes, from a trigger. */
package routes.jobs.runs;
