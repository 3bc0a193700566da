/** API keys and the audit trail, over HTTP. */
package routes.web.admin;
