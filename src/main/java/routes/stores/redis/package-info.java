/** Redis for requests, which must not wait, and for pumps, which may. */
package routes.stores.redis;
