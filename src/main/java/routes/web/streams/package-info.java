/** Server-sent events: one connection, and all that are open by key. */
package routes.web.streams;
