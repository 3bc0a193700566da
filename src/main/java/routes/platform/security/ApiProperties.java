package routes.platform.security;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code hub.api.*}
 *
 * @param resetKey true: this start revokes the first key, makes another and writes it to its file;
 *     default false
 */
@ConfigurationProperties("hub.api")
public record ApiProperties(@DefaultValue("false") boolean resetKey) {}
