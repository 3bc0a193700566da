/** Who asks, and what they may do: API keys, roles, tickets, the audit trail. */
package routes.web.security;
