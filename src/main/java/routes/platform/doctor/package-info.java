/**
 * {@code java -jar hub.jar doctor}: looks at everything the hub will need before it is needed. Each
 * feature brings its own {@link routes.platform.doctor.Checkup}; no Camel, no Flyway and no web
 * server starts, and nothing is changed but for a probe that is removed again.
 */
package routes.platform.doctor;
