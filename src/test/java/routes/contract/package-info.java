/**
 * What the hub relies on a server for, as tests that its stand-in and the real one both pass: one
 * abstract class for each kind of server. Stand-ins always run; {@link routes.real} has the real
 * ones.
 */
package routes.contract;
