/** What happened, to whoever listens: {@code GET /api/events} from the streams in Redis. */
package routes.events;
