/**
 * What every feature stands on and what knows no feature: stores, security, telemetry, the error
 * policy, the clock, the outbox and dead letters. A leaf: it imports no other package of the hub.
 */
package routes.platform;
