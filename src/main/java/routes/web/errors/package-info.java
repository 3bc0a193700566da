/** Failures that no controller saw, answered as problem documents. */
package routes.web.errors;
