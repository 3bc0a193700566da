/**
 * Which snapshots there are and what is known of each. A cache of the repository, for lists and
 * metrics; never its truth.
 */
package routes.backup.catalogue;
