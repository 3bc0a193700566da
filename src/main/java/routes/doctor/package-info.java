/**
 * {@code java -jar hub.jar doctor}: checks everything the hub will need before it is needed. No
 * Camel, no Flyway and no web server starts, and nothing is changed but for a probe that is removed
 * again.
 */
package routes.doctor;
