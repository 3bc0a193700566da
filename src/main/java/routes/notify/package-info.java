/**
 * Who is told what: events that services publish and the hub's own are matched against rules, and
 * each match is a delivery to a target, written in the event's own transaction ({@link
 * routes.notify.DeliveryFanout}). {@link routes.notify.DeliveryPump} brings deliveries to their
 * targets through the routes {@code notify.*}; {@link routes.notify.Claims} says which are due, and
 * {@link routes.notify.Deliveries} keeps what became of each.
 */
package routes.notify;
