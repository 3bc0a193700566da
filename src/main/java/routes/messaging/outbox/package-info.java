/**
 * Events leave the hub: written with the change they report, relayed to Redis in order, at least
 * once.
 */
package routes.messaging.outbox;
