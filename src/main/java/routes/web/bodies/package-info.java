/** How much of request bodies is in memory at a time. */
package routes.web.bodies;
