/** S3: how {@code hub.s3.*} becomes a client. */
package routes.stores.s3;
