/**
 * Each match of a rule is a delivery, written in the event's own transaction and attempted under a
 * lease until the target took it.
 */
package routes.notify.delivery;
