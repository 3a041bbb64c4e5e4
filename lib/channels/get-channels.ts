import { sql } from "drizzle-orm";
import type { ConsoleDb } from "../db/console-db.ts";
import { schema } from "../db/schema.ts";
import { env } from "../env.ts";
import { destinationOf } from "./destination.ts";
import type { ChannelKind } from "./kinds.ts";

export interface ChannelSummary {
  id: string;
  kind: ChannelKind;
  name: string;
  /** As it was set; a secret is never among it. */
  config: unknown;
  /** Host it leads to; null where that is secret or the environment's. */
  host: string | null;
  details: boolean;
  enabled: boolean;
  /** Why the machine disabled it. */
  disabledBecause: string | null;
  /** Whether a secret is kept for it, and since when. */
  secretSince: Date | null;
  failing: { since: Date; error: string; nextAt: Date | null } | null;
  deliveredAt: Date | null;
  /** Messages that wait, and those that were given up within the last seven days. */
  waiting: number;
  dead: number;
  changed: { at: Date; by: string };
}

export interface ChannelList {
  channels: ChannelSummary[];
  /** Whether mails of channels that name no server can go: SMTP_URL is set. */
  mailServer: boolean;
}

/** Every channel by name, with how it goes. */
export async function getChannels({ db }: Pick<ConsoleDb, "db">, now: Date): Promise<ChannelList> {
  const { channel } = schema;
  const since = new Date(now.getTime() - 7 * 86_400_000).toISOString();
  const rows = await db
    .select({
      channel,
      secretSince: sql<string | null>`(
        select created_at from vault.secret s where s.purpose = 'channel_secret' and s.name = channel.id::text)`,
      waiting: sql<number>`(
        select count(*)::int from delivery d where d.channel_id = channel.id and d.state = 'pending')`,
      dead: sql<number>`(
        select count(*)::int from delivery d
        where d.channel_id = channel.id and d.state = 'dead' and d.kind <> 'test'
          and d.settled_at > ${since}::timestamptz)`,
    })
    .from(channel)
    .orderBy(channel.name);
  return {
    channels: rows.map(({ channel: row, secretSince, waiting, dead }) => ({
      id: row.id,
      kind: row.kind,
      name: row.name,
      config: row.config,
      host: destinationOf(row.kind, row.config, undefined)?.host ?? null,
      details: row.details,
      enabled: row.enabled,
      disabledBecause: row.disabledBecause,
      secretSince: secretSince === null ? null : new Date(secretSince),
      failing: row.failingSince && {
        since: row.failingSince,
        error: row.lastError ?? "",
        nextAt: row.enabled ? row.resumeAt : null,
      },
      deliveredAt: row.deliveredAt,
      waiting,
      dead,
      changed: { at: row.changedAt, by: row.changedByName },
    })),
    mailServer: env().SMTP_URL !== undefined,
  };
}
