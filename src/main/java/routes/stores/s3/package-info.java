/** S3: how {@code hub.s3.*} becomes a client, whose requests end with the run that makes them. */
package routes.stores.s3;
