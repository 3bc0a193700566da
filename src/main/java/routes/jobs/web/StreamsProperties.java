package routes.jobs.web;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * {@code hub.streams.*}: event streams of runs.
 *
 * @param open streams of this replica at a time, count; default 64. More are answered 503
 * @param longest a stream is ended after this, and its client may come back; default 1 h
 * @param heartbeat a silent stream says this often that it is there; default 5 s
 * @param poll how often a run that somebody looks at is read from the ledger, however many look;
 *     default 500 ms
 * @param slow a client that takes nothing of what waits for it for so long is dropped; default 10 s
 */
@Validated
@ConfigurationProperties("hub.streams")
record StreamsProperties(
    @Min(1) @Max(10_000) @DefaultValue("64") int open,
    @NotNull @DefaultValue("1h") Duration longest,
    @NotNull @DefaultValue("5s") Duration heartbeat,
    @NotNull @DefaultValue("500ms") Duration poll,
    @NotNull @DefaultValue("10s") Duration slow) {}
