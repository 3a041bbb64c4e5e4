import type { AdminInput } from "@/lib/admin.ts";
import type { ChannelSummary } from "@/lib/channels/get-channels.ts";
import type { ChannelKind } from "@/lib/channels/kinds.ts";

/** A channel while it is written; every field as text. */
export interface ChannelDraft {
  kind: ChannelKind;
  name: string;
  details: boolean;
  /** E-mail: one address a line. */
  to: string;
  /** E-mail: a server of its own instead of SMTP_URL. */
  ownServer: boolean;
  host: string;
  port: string;
  security: "starttls" | "tls" | "none";
  user: string;
  from: string;
  /** Webhook, Alertmanager, PagerDuty. */
  url: string;
  /** Password, token, address or key: empty keeps what is there. */
  secret: string;
  renewKey: boolean;
}

export const pagerdutyUrl = "https://events.pagerduty.com";

export function draftOf(channel: ChannelSummary | null, mailServer: boolean): ChannelDraft {
  const fresh: ChannelDraft = {
    kind: "email",
    name: "",
    details: false,
    to: "",
    ownServer: !mailServer,
    host: "",
    port: "587",
    security: "starttls",
    user: "",
    from: "",
    url: "",
    secret: "",
    renewKey: false,
  };
  if (!channel) return fresh;
  const { kind, name, details } = channel;
  const config = channel.config as {
    to?: string[];
    server?: {
      host: string;
      port: number;
      security: ChannelDraft["security"];
      user: string | null;
      from: string;
    } | null;
    url?: string;
    baseUrl?: string;
    user?: string | null;
  };
  const { server } = config;
  return {
    ...fresh,
    kind,
    name,
    details,
    to: config.to?.join("\n") ?? "",
    ownServer: server !== null && server !== undefined,
    ...(server && {
      host: server.host,
      port: String(server.port),
      security: server.security,
      from: server.from,
    }),
    user: server?.user ?? config.user ?? "",
    url: config.url ?? config.baseUrl ?? "",
  };
}

/** What the verb is asked for. */
export function channelOf(draft: ChannelDraft, channelId: string | undefined): AdminInput<"setChannel"> {
  const { name, details } = draft;
  const base = { name: name.trim(), details, ...(channelId && { channelId }) };
  const user = draft.user.trim() || null;
  const url = draft.url.trim();
  const typed = draft.secret.trim();
  switch (draft.kind) {
    case "email": {
      const { host, port, security, from } = draft;
      const server = draft.ownServer
        ? { host: host.trim(), port: Number(port), security, user, from: from.trim() }
        : null;
      return {
        ...base,
        kind: "email",
        config: { to: draft.to.split(/[\s,;]+/).filter(Boolean), server },
        ...(draft.secret && { secret: { password: draft.secret } }),
      };
    }
    case "webhook":
      return {
        ...base,
        kind: "webhook",
        config: { url },
        ...(typed && { secret: { key: typed } }),
        ...(draft.renewKey && { renewKey: true }),
      };
    case "slack":
    case "teams":
      return { ...base, kind: draft.kind, config: {}, ...(typed && { secret: { url: typed } }) };
    case "pagerduty":
      return {
        ...base,
        kind: "pagerduty",
        config: { baseUrl: url || pagerdutyUrl },
        ...(typed && { secret: { routingKey: typed } }),
      };
    case "alertmanager":
      return {
        ...base,
        kind: "alertmanager",
        config: { url, user },
        ...(draft.secret && { secret: { password: draft.secret } }),
      };
  }
}
