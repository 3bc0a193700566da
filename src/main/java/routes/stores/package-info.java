/** Whether the stores answer that the hub works with. Their clients are in the packages below. */
package routes.stores;
