import diagnostics from "node:diagnostics_channel";
import type { IncomingMessage } from "node:http";

/**
 * The caller's address. Next fills `x-forwarded-for` from the socket when the request has none; with a proxy
 * in front the last entry is the one that proxy saw, all before it are the caller's own words.
 */
export function clientAddress(headers: Headers): string | null {
  const last = headers.get("x-forwarded-for")?.split(",").at(-1)?.trim();
  if (!last) return null;
  return last.startsWith("::ffff:") ? last.slice(7) : last.slice(0, 64);
}

const forwarding = [
  "forwarded",
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-proto",
  "x-forwarded-port",
  "x-real-ip",
];

/**
 * Takes forwarding headers off every request that reaches this process's HTTP servers before anything reads
 * them: without a trusted proxy they are forged, and throttling per address would count inventions.
 * To be called once at start unless TRUST_PROXY is on. Returns its own removal.
 */
export function dropForgedForwarding(): () => void {
  const channel = "http.server.request.start";
  const drop = (message: unknown) => {
    const { request } = message as { request: IncomingMessage };
    for (const name of forwarding) delete request.headers[name];
  };
  diagnostics.subscribe(channel, drop);
  return () => {
    diagnostics.unsubscribe(channel, drop);
  };
}
