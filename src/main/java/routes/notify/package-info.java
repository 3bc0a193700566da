/**
 * Who is told what: events that services publish and the hub's own are matched against rules, and
 * each match is a delivery to a target, written in the event's own transaction ({@link
 * routes.notify.delivery.DeliveryFanout}). {@link routes.notify.delivery.DeliveryPump} brings
 * deliveries to their targets through the routes {@code notify.*}; {@link
 * routes.notify.delivery.DueDeliveries} says which are due, and {@link
 * routes.notify.delivery.Deliveries} keeps what became of each.
 */
package routes.notify;
