/** Encryption with age, and the keys that are derived from the repository's secret. */
package routes.repository.crypto;
