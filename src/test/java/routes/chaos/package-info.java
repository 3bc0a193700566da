/**
 * {@code ./hub chaos}: what the hub promises, under faults at random moments, for as long as one
 * likes. The tests run a short form of each.
 */
package routes.chaos;
