/** Jobs, runs and triggers over HTTP. */
package routes.jobs.web;
