/**
 * {@code hub.sources}, {@code hub.targets}, {@code hub.backup}, {@code hub.encryption}: what is
 * backed up and how.
 */
package routes.backup.config;
