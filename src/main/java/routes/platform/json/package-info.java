/** JSON from outside: read strictly, and held to a schema. */
package routes.platform.json;
