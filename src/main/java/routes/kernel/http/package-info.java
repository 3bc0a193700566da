/**
 * HTTP requests to servers that the configuration names: bounded, without redirects, and cancelled
 * with the run that makes them.
 */
package routes.kernel.http;
