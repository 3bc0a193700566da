/**
 * REST routes of a user's own, below {@code /hooks}: their key, role, parameters and body are
 * checked before Camel sees them.
 */
package routes.web.hooks;
