import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { eq } from "drizzle-orm";
import { vi } from "vitest";
import { createMasterKeyFile, openMasterKeyFile } from "../audit-db/vault/file-master-keys.ts";
import { type DeliveringOptions, deliverChannel } from "../channels/deliver-channel.ts";
import { createReach } from "../channels/send/reach.ts";
import { senders } from "../channels/send/senders.ts";
import { setChannel } from "../channels/set-channel.ts";
import { tellIncidents } from "../channels/tell-incidents.ts";
import { schema } from "../db/schema.ts";
import { replaceEnv } from "../env.ts";
import { type Administration, startAdministration } from "./administration.ts";
import { addIncident } from "./incidents.ts";
import { type Receiver, startReceiver } from "./messages.ts";

/** Channels of a console and what they are told: one a test file, begun by `startTellings`. */
export let administration: Administration;
export let receiver: Receiver;
const folder = mkdtempSync(path.join(tmpdir(), "channels-"));
export const masterKeyFile = path.join(folder, "keys.json");
export const quiet = { debug() {}, info() {}, warn: vi.fn(), error: vi.fn() };
export const never = new AbortController().signal;
/** The clock of this file, in seconds after its beginning. */
export const begin = Date.now();
export const at = (seconds: number) => new Date(begin + seconds * 1_000);

export async function startTellings(): Promise<void> {
  createMasterKeyFile(masterKeyFile);
  replaceEnv({
    MASTER_KEY_FILE: masterKeyFile,
    ALERT_DESTINATIONS_ALLOWED: "127.0.0.1",
    LOG_LEVEL: "silent",
  });
  [administration, receiver] = await Promise.all([startAdministration(), startReceiver()]);
}

export async function endTellings(): Promise<void> {
  await Promise.all([receiver?.close(), administration?.close()]);
  replaceEnv({});
  rmSync(folder, { recursive: true });
}

export async function forgetTellings(): Promise<void> {
  await administration.sql`truncate channel, route, incident, alert, telling_thread, delivery cascade`;
  receiver.received.length = 0;
  receiver.answer(200);
}

export const options = (given: Partial<DeliveringOptions> = {}): DeliveringOptions => ({
  console: administration.console,
  masterKeys: openMasterKeyFile(masterKeyFile),
  senders,
  reach: createReach(["127.0.0.1"]),
  mail: { url: undefined, from: undefined },
  logger: quiet as never,
  timeoutMs: 5_000,
  ...given,
});
export const hook = async (name: string, given: { url?: string; details?: boolean } = {}) => {
  const { url = receiver.url, details = false } = given;
  const { succeed, admin } = administration;
  const made = await succeed(setChannel, admin, {
    kind: "webhook",
    name,
    details,
    config: { url: `${url}/${name}` },
  });
  return made.id;
};
export const tell = (seconds: number, hushed = false) =>
  tellIncidents(
    {
      console: administration.console,
      titleOf: () => "Idle in transaction",
      hushes: async () => () => hushed,
      baseUrl: "https://console.test/",
    },
    at(seconds),
  );
export const send = (channel: string, seconds: number, given: Partial<DeliveringOptions> = {}) =>
  deliverChannel(channel, options({ clock: () => at(seconds), ...given }), never);
export const incidentAt = (seconds: number, given: Parameters<typeof addIncident>[1] = {}) =>
  addIncident(administration.console, { firedAt: at(seconds), ...given });
export const move = (id: string, change: Partial<typeof schema.incident.$inferInsert>) =>
  administration.console.db.update(schema.incident).set(change).where(eq(schema.incident.id, id));
export const resolve = (id: string, seconds: number) =>
  move(id, { condition: "normal", normalSince: at(seconds) });
export const sentKinds = (path = "") =>
  receiver.received
    .filter((one) => one.path.startsWith(`/${path}`))
    .map(({ body }) => (JSON.parse(body) as { type: string }).type.replace("incident.", ""));
export const log = () => administration.sql<
  { kind: string; state: string; attempts: number; answer: string | null; next: Date }[]
>`
  select kind, state, attempts, answer, next_attempt_at as next from delivery order by number`;
export const timeline = async () =>
  (await administration.sql`select kind, facts from incident_event order by at, id`).map(
    ({ kind, facts }) => `${kind} ${facts.channel} ${facts.about}`,
  );
