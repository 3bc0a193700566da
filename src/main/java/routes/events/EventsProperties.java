package routes.events;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * {@code hub.events.*}: event streams to clients.
 *
 * @param prefix of the streams' keys in Redis: {@code events:backup} holds channel {@code backup}
 * @param channels further channels, that others than this hub's own events write to
 * @param open streams of this replica at a time, count; default 256. More are answered 503
 * @param longest a stream is ended after this, and its client may come back; default 1 h
 * @param heartbeat a silent stream says this often that it is there; default 5 s
 * @param slow a client that takes nothing of what waits for it for so long is dropped; default 10 s
 * @param waitingEvents events that may wait in memory for one client, count; default 2000
 * @param waitingBytes bytes that may wait in memory for one client; default 1 MB. One more and it
 *     is dropped; it may come back and go on
 * @param resume how far back an id may lie; who comes with an older one is told of a gap; default
 *     24 h
 */
@Validated
@ConfigurationProperties("hub.events")
record EventsProperties(
    @NotNull @Pattern(regexp = "[\\x21-\\x7e]{1,64}") @DefaultValue("events:") String prefix,
    @DefaultValue List<@Pattern(regexp = StreamPosition.CHANNEL) String> channels,
    @Min(1) @Max(10_000) @DefaultValue("256") int open,
    @NotNull @DefaultValue("1h") Duration longest,
    @NotNull @DefaultValue("5s") Duration heartbeat,
    @NotNull @DefaultValue("10s") Duration slow,
    @Min(10) @Max(1_000_000) @DefaultValue("2000") int waitingEvents,
    @NotNull @DefaultValue("1MB") DataSize waitingBytes,
    @NotNull @DefaultValue("24h") Duration resume) {}
