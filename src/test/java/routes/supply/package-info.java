/** What the hub is made of: libraries with known holes are mended here, or not here. */
package routes.supply;
