/**
 * The stores a developer machine lacks: PostgreSQL, Redis and S3 on 127.0.0.1, for {@code ./hub up}
 * and for every test, plus the seeded platform they hold. {@link routes.devservices.DevServices}
 * starts them, {@link routes.devservices.TestStores} shares one set per JVM.
 */
package routes.devservices;
