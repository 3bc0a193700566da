/**
 * Who is told of which events: {@code hub.notify.*}, targets, their secrets and the addresses that
 * may be reached.
 */
package routes.notify.rules;
