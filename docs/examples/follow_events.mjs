// Follows GET /api/events in a browser, and goes on where it was cut.
//
// A ticket admits once. When a connection breaks, an EventSource comes back by itself with the ticket it had, is refused
// (401), and stops for good: without further code, a page misses every event from then on. So each connection gets a new
// ticket, and `after` names the last event that was seen.

/**
 * @param url of the hub, such as https://hub.example.org
 * @param newTicket asks for a ticket, by way of a server of yours that has the key; resolves to its text
 * @param seen is called with each event: its id and its envelope
 * @param gap is called when events between were not kept, such as after days
 * @returns closes it
 */
export function follow(url, newTicket, seen, gap = () => {}) {
  let last = null, source = null, closed = false, wait = 500
  const again = () => {
    source?.close()
    if (!closed) setTimeout(connect, wait)
    wait = Math.min(wait * 2, 30_000)
  }
  const connect = async () => {
    try {
      const query = new URLSearchParams({ticket: await newTicket(), positions: true, ...(last && {after: last})})
      if (closed) return
      source = new EventSource(`${url}/api/events?${query}`)
    } catch {
      return again() // no ticket now: the hub may be starting
    }
    source.onopen = () => { wait = 500 }
    source.onmessage = event => { last = event.lastEventId; seen(last, JSON.parse(event.data)) }
    // It says where the stream is, also before anything has happened.
    source.addEventListener('position', event => { last = event.lastEventId })
    source.addEventListener('gap', event => gap(JSON.parse(event.data)))
    source.onerror = again
  }
  connect()
  return () => { closed = true; source?.close() }
}

// By hand: HUB_API_KEY=hub_… node --experimental-eventsource docs/examples/follow_events.mjs http://127.0.0.1:8080 [most]
if (globalThis.process?.argv[1]?.endsWith('follow_events.mjs')) {
  const [url, most = Infinity] = process.argv.slice(2)
  const headers = {Authorization: `Bearer ${process.env.HUB_API_KEY}`}
  const newTicket = async () => (await (await fetch(`${url}/api/tickets`, {method: 'POST', headers})).json()).ticket
  let count = 0
  follow(url, newTicket, (id, event) => {
    console.log(id, event.type, JSON.stringify(event.data))
    if (++count >= most) process.exit(0)
  })
}
