/**
 * Sessions of the platform's users, {@code session:{id}} in Redis, as {@code
 * docs/formats/sessions.md} describes them. An id is as good as a password: it travels in a header,
 * and nothing of a session is written to a log, a trace, a metric or a problem.
 */
package routes.sessions;
