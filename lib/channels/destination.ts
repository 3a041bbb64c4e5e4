import type { ChannelConfig, ChannelSecret } from "./config.ts";
import type { ChannelKind } from "./kinds.ts";

export interface Destination {
  host: string;
  /** Host, port and whether by TLS: who gets what is sent. */
  origin: string;
  /** Whether it goes without TLS. */
  plain: boolean;
}

/** Where a channel leads; null where that is not its own: the environment's mail server, or an address that is secret. */
export function destinationOf(
  kind: ChannelKind,
  config: unknown,
  secret: ChannelSecret | undefined,
): Destination | null {
  switch (kind) {
    case "email": {
      const { server } = config as ChannelConfig<"email">;
      if (!server) return null;
      const { host, port, security } = server;
      return { host, origin: `${security} ${host.toLowerCase()}:${port}`, plain: security === "none" };
    }
    case "webhook":
    case "alertmanager":
      return ofUrl((config as ChannelConfig<"webhook">).url);
    case "pagerduty":
      return ofUrl((config as ChannelConfig<"pagerduty">).baseUrl);
    default:
      return secret?.url ? ofUrl(secret.url) : null;
  }
}

function ofUrl(text: string): Destination {
  const { hostname, origin, protocol } = new URL(text);
  return { host: hostname.replace(/^\[|\]$/g, ""), origin, plain: protocol === "http:" };
}
