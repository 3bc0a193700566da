/**
 * What everything stands on: the clock, SQL files, the hub's own settings. The packages of the
 * kernel need no other room of the hub.
 */
package routes.kernel;
