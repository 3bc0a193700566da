/** JSON from outside: read strictly, and checked against a schema. */
package routes.kernel.json;
