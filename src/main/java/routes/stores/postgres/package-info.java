/** PostgreSQL: the hub's own database, and how any database is addressed. */
package routes.stores.postgres;
