package routes.web.security;

import java.util.UUID;

/**
 * Who asks: the owner of an API key.
 *
 * @param name of the key; no two live keys share one
 * @param role what it may do
 * @param keyId of the key, or null when the hub itself acts
 */
public record Caller(String name, Role role, UUID keyId) {}
