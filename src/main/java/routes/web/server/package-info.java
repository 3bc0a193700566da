/**
 * What the server itself does: health, which always has threads of its own, and errors outside of
 * operations.
 */
package routes.web.server;
