/**
 * Messages that failed for good, kept whole for replay, and the one policy that says what a failure
 * of a route means.
 */
package routes.messaging.deadletters;
