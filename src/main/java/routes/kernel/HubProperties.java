package routes.kernel;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * {@code hub.*}
 *
 * @param id the hub's name, which owns its backup repository; default {@code ml-security-hub}
 * @param stateDir folder for the first API key and short-lived files, created 0700; default {@code
 *     .hub}
 */
@Validated
@ConfigurationProperties("hub")
public record HubProperties(
    @NotNull @Pattern(regexp = "[A-Za-z0-9][A-Za-z0-9._-]{0,62}") @DefaultValue("ml-security-hub")
        String id,
    @NotNull @DefaultValue(".hub") Path stateDir) {}
