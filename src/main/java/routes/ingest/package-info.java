/** Messages of others, from channels and streams of Redis: checked, then handed to a port. */
package routes.ingest;
