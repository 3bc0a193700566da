/** Where objects live: S3 or a folder. One contract test runs over both. */
package routes.repository.store;
