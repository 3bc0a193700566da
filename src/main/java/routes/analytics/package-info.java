/** Tables of schema {@code analytics} that the hub fills: what red teams found. */
package routes.analytics;
