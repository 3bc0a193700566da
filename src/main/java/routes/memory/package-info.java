/**
 * What lies in Redis: how tight it is, which keys take the room, what never expires, what was slow.
 *
 * <p>A pump of the metrics' clockwork: each look reads {@code INFO} and a few hundred keys, where
 * the last look stopped, so that Redis is never held up and all keys are seen in the end.
 */
package routes.memory;
