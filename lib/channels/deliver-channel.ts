import { eq, sql } from "drizzle-orm";
import type { MasterKeys } from "../audit-db/vault/types.ts";
import type { ConsoleDb } from "../db/console-db.ts";
import { schema } from "../db/schema.ts";
import { AppError } from "../errors.ts";
import { getSecret } from "../key-store/secrets.ts";
import type { Logger } from "../log/log.ts";
import { type ChannelSecret, channelForms } from "./config.ts";
import type { ChannelKind } from "./kinds.ts";
import type { Message } from "./message.ts";
import { momentOf } from "./moment.ts";
import { asDeliveryFailure, DeliveryFailure } from "./send/delivery-failure.ts";
import type { Reach } from "./send/reach.ts";
import type { Sender, Taken } from "./send/sender.ts";
import { type Claimed, settleFailure, settleTaken } from "./settle-delivery.ts";

export interface DeliveringOptions {
  console: Pick<ConsoleDb, "db" | "sql">;
  /** Undefined: secrets cannot be opened, and channels that have one cannot be told anything. */
  masterKeys: MasterKeys | undefined;
  senders: Record<ChannelKind, Sender>;
  reach: Reach;
  mail: { url: string | undefined; from: string | undefined };
  logger: Logger;
  /** For one attempt from connecting to the answer. */
  timeoutMs: number;
  /** The console database's unless given: workers whose clocks differ agree on what is due. */
  clock?: () => Date;
  ca?: string;
}

type ChannelRow = typeof schema.channel.$inferSelect;

/** In one go; then other channels' rounds look again. */
const mostInARow = 200;

/**
 * Delivers what is due on one channel: of each incident in order, at least once, a test in front of everything. Ends
 * when nothing is due, when nothing gets there, or when the signal aborts.
 */
export async function deliverChannel(
  channelId: string,
  options: DeliveringOptions,
  signal: AbortSignal,
): Promise<void> {
  for (let sent = 0; sent < mostInARow && !signal.aborted; sent += 1) {
    const now = await momentOf(options);
    const [channel] = await options.console.db
      .select()
      .from(schema.channel)
      .where(eq(schema.channel.id, channelId));
    const claimed = channel && (await claim(channel, options, now));
    if (!channel || !claimed) return;
    try {
      const taken = await attempt(channel, claimed, options, now, signal);
      const settled = { now: await momentOf(options), claimMs: claimMsOf(options) };
      await settleTaken(options.console.db, channel, claimed, taken, settled);
    } catch (thrown) {
      // Cut off by the end of our lead: whoever leads next finds it claimed, and sends it again once the claim ends.
      if (signal.aborted) return;
      const failure = failureOf(thrown, options.logger, channel);
      await settleFailure(options.console.db, channel, claimed, failure, await momentOf(options));
      if (failure.facts.again === "channel") return;
    }
  }
}

/**
 * Takes the first delivery that is due: the oldest that is open of its incident. It counts as begun before it is sent,
 * for a process that is killed in between; nobody else begins with it until the time for an attempt is over.
 */
async function claim(
  channel: ChannelRow,
  { console, timeoutMs }: DeliveringOptions,
  now: Date,
): Promise<Claimed | null> {
  const until = new Date(now.getTime() + claimMsOf({ timeoutMs }));
  const open = channel.enabled && (channel.resumeAt === null || channel.resumeAt <= now);
  const [claimed] = await console.sql<Claimed[]>`
    update delivery set attempts = delivery.attempts + 1, unsettled = true, next_attempt_at = ${until}
    from (
      select d.id, d.unsettled from delivery d
      where d.channel_id = ${channel.id} and d.state = 'pending' and ${isDue(console.sql, now)}
        and (d.kind = 'test' or (${open} and not exists (
          select from delivery before
          where before.channel_id = d.channel_id and before.incident_id = d.incident_id
            and before.state = 'pending' and before.number < d.number)))
      order by d.kind <> 'test', d.number
      limit 1
      for update skip locked) as due
    where delivery.id = due.id
    returning delivery.id, incident_id as "incidentId", kind, message, attempts, created_at as "createdAt",
      due.unsettled as "maybeArrived"`;
  return claimed ?? null;
}

/** Of a delivery `d`: its time has come, or it was never tried and the clock was put back since it was made. */
const isDue = (sql: ConsoleDb["sql"], now: Date) =>
  sql`(d.next_attempt_at <= ${now} or (d.attempts = 0 and d.created_at > ${now}))`;

/** For an attempt, and to note how it went. */
const claimMsOf = ({ timeoutMs }: Pick<DeliveringOptions, "timeoutMs">) => timeoutMs + 10_000;

async function attempt(
  channel: ChannelRow,
  { id, message }: Claimed,
  options: DeliveringOptions,
  at: Date,
  signal: AbortSignal,
): Promise<Taken> {
  const { senders, reach, timeoutMs, ca, mail } = options;
  const config = channelForms[channel.kind].config.parse(channel.config);
  const secret = await openSecret(channel.id, options);
  const transport = { reach, timeoutMs, signal, ...(ca && { ca }) };
  return senders[channel.kind]({ id, message: message as Message, config, secret, at, transport, mail });
}

async function openSecret(
  channelId: string,
  { console, masterKeys }: Pick<DeliveringOptions, "console" | "masterKeys">,
): Promise<ChannelSecret> {
  const [kept] = await console.db.execute(
    sql`select from vault.secret where purpose = 'channel_secret' and name = ${channelId}`,
  );
  if (!kept) return {};
  if (!masterKeys)
    throw new DeliveryFailure("Its secret cannot be opened: this worker has no MASTER_KEY_FILE.", {
      again: "channel",
    });
  const opened = await getSecret(console.db, masterKeys, { purpose: "channel_secret", name: channelId });
  return JSON.parse(String(opened)) as ChannelSecret;
}

/** What is no answer of the other side's is ours to log; it is tried again like an outage. */
function failureOf(thrown: unknown, logger: Logger, channel: ChannelRow): DeliveryFailure {
  const failure = asDeliveryFailure(thrown);
  if (failure) return failure;
  logger.warn({ err: thrown, channel: channel.id }, "a channel could not be told something");
  const words = thrown instanceof AppError ? thrown.message : "An unexpected error was recorded in the log.";
  return new DeliveryFailure(words, { again: "channel" });
}

/** Channels that have something due at this moment. */
export async function listDueChannels({
  console,
  clock,
}: Pick<DeliveringOptions, "console" | "clock">): Promise<string[]> {
  const now = await momentOf({ console, clock });
  const rows = await console.sql<{ id: string }[]>`
    select c.id from channel c
    where exists (
      select from delivery d
      where d.channel_id = c.id and d.state = 'pending' and ${isDue(console.sql, now)}
        and (d.kind = 'test' or (c.enabled and (c.resume_at is null or c.resume_at <= ${now}))))`;
  return rows.map(({ id }) => id);
}
