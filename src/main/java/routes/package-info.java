/**
 * The ML Security Hub: Camel routes that keep an ML security platform's state safe, in sync,
 * watched and private.
 *
 * <p>Dependencies point one way only (enforced by: {@code ArchitectureTest}):
 *
 * <pre>
 *   feature (backup, …) ─► jobs ─► messaging ─► web ─► stores ─► telemetry ─► kernel
 *   feature ─────────────► repository        pure library: no Camel, no Spring
 * </pre>
 *
 * <p>Features do not know each other; they meet at {@code direct:<feature>.<verb>} ports and at
 * events. What runs, when, and over which contract is YAML in {@code src/main/resources/camel/};
 * what happens then is one small {@code *Routes} class per feature; what is decided is pure and
 * needs no Camel.
 */
package routes;
