package routes.cache;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.bind.DefaultValue;
import routes.jobs.OneOf;
import routes.jobs.Param;

/** What {@code cache.warm} takes. */
record WarmRequest(
    @Param("one that has a loader") @OneOf("hub.cache.models") String model,
    @Param("whose predictions are made") String version,
    @Param("version whose inputs are taken, such as the one before; empty: the same")
        @DefaultValue("")
        String inputsOf,
    @Param("how many inputs, 1 or more") @DefaultValue("100") @Min(1) @Max(100_000) long most) {}
