/**
 * Health probes: what {@code hub.probes.*} names is asked over HTTP every so often, each change of
 * state is kept with its duration and told as an event. {@link routes.probes.Probes} looks, {@link
 * routes.probes.ProbeStates} keeps, {@link routes.probes.ProbeScheduler} is the pump.
 */
package routes.probes;
