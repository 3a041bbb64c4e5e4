import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { connect } from "../audit-db/connect.ts";
import { createMasterKeyFile, openMasterKeyFile } from "../audit-db/vault/file-master-keys.ts";
import type { Actor } from "../auth/actor.ts";
import { closeConsoleDb } from "../db/console-db.ts";
import { replaceEnv } from "../env.ts";
import { AppError } from "../errors.ts";
import { getSecret } from "../key-store/secrets.ts";
import { type Administration, startAdministration } from "../testing/administration.ts";
import { addIncident } from "../testing/incidents.ts";
import { statesOf } from "../testing/look.ts";
import { addActor } from "../testing/people.ts";
import { checkChannels, judgeChannel } from "./check-channels.ts";
import { enableChannel } from "./enable-channel.ts";
import { getChannels } from "./get-channels.ts";
import { getDeliveries } from "./get-deliveries.ts";
import { getIncidentTellings } from "./get-incident-tellings.ts";
import { moveRoute } from "./move-route.ts";
import { previewRoute } from "./preview-route.ts";
import { readChannelHealth } from "./read-health.ts";
import { removeChannel } from "./remove-channel.ts";
import { removeRoute } from "./remove-route.ts";
import { readRoutes } from "./routes.ts";
import { setChannel } from "./set-channel.ts";
import { setRoute } from "./set-route.ts";
import { testChannel } from "./test-channel.ts";

let administration: Administration;
let admin: Actor;
const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const folder = mkdtempSync(path.join(tmpdir(), "channel-verbs-"));
const masterKeyFile = path.join(folder, "keys.json");

beforeAll(async () => {
  createMasterKeyFile(masterKeyFile);
  replaceEnv({ MASTER_KEY_FILE: masterKeyFile, LOG_LEVEL: "silent" });
  administration = await startAdministration();
  admin = administration.admin;
});
afterAll(async () => {
  await closeConsoleDb();
  await administration?.close();
  replaceEnv({});
  rmSync(folder, { recursive: true });
});
beforeEach(() => administration.sql`truncate channel, route, incident, delivery, vault.secret cascade`);

const set = (input: unknown) => administration.run(setChannel, admin, input);
const made = async (input: Record<string, unknown>) => administration.succeed(setChannel, admin, input);
const secretOf = async (id: string) =>
  JSON.parse(
    String(
      await getSecret(administration.console.db, openMasterKeyFile(masterKeyFile), {
        purpose: "channel_secret",
        name: id,
      }),
    ),
  );
const slackUrl = "https://hooks.example.test/services/T0/B0/secretpath";
const slack = { kind: "slack", name: "ops", config: {}, secret: { url: slackUrl } };
const server = {
  host: "mail.example.test",
  port: 587,
  security: "starttls",
  user: "audit",
  from: "a@example.test",
};
const email = {
  kind: "email",
  name: "mail",
  config: { to: ["on-call@example.test"], server },
  secret: { password: "very secret" },
};

describe("a channel's secret", () => {
  test("is kept wrapped, is in no answer, no list and no activity, and is destroyed with the channel", async () => {
    const { id } = await made(slack);
    expect(await secretOf(id)).toEqual({ url: slackUrl });
    const { sql, console, lastActivity, succeed } = administration;
    const list = await getChannels(console, new Date());
    expect(list.channels).toMatchObject([
      { name: "ops", host: null, secretSince: expect.any(Date), enabled: true },
    ]);
    const [row] =
      await sql`select c::text || (select string_agg(a::text, '') from activity a) as all from channel c`;
    expect(JSON.stringify(list) + row?.all + JSON.stringify(await lastActivity("channel.set"))).not.toContain(
      "secretpath",
    );
    await succeed(removeChannel, admin, { channelId: id }, "ops");
    await expect(secretOf(id)).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  test("stays where none is given, but not for another host: nobody can have it sent to a host of their own", async () => {
    const { id } = await made(email);
    await made({ ...email, channelId: id, name: "renamed", secret: undefined });
    expect(await secretOf(id)).toEqual({ password: "very secret" });
    const elsewhere = {
      ...email,
      channelId: id,
      config: { ...email.config, server: { ...server, host: "evil.example.test" } },
    };
    expect(await set({ ...elsewhere, secret: undefined })).toMatchObject({
      ok: false,
      error: { code: "BAD_INPUT", message: "It leads to another host now: give its secret again." },
    });
    expect((await set({ ...elsewhere, secret: { password: "another" } })).ok).toBe(true);
  });

  test("a webhook's key is made here and shown once; renewed, both sign for 24 hours", async () => {
    const hook = { kind: "webhook", name: "hook", config: { url: "https://example.test/hook" } };
    const first = await made(hook);
    expect(first.key).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    const same = await made({ ...hook, channelId: first.id });
    expect(same.key).toBe(null);
    const renewed = await made({ ...hook, channelId: first.id, renewKey: true });
    const kept = await secretOf(first.id);
    expect(kept).toEqual({ key: renewed.key, keyBefore: { key: first.key, until: expect.any(String) } });
    const lasts = Date.parse(kept.keyBefore.until) - Date.now();
    expect(Math.round(lasts / 3_600_000)).toBe(24);
  });
});

describe("what makes no channel", () => {
  test.each([
    [{ ...slack, secret: undefined }, "Slack needs its secret."],
    [
      { ...slack, secret: { url: "https://127.0.0.1/x" } },
      "127.0.0.1 leads to a private or reserved address. Name it in ALERT_DESTINATIONS_ALLOWED if alerts may go there.",
    ],
    [
      { kind: "webhook", name: "x", config: { url: "http://example.test/" } },
      "example.test would be sent to without TLS. Use TLS, or name it in ALERT_DESTINATIONS_ALLOWED.",
    ],
    [
      { kind: "webhook", name: "x", config: { url: "https://a:b@example.test/" } },
      "config.url: must hold no user and no password: give them as the channel's secret",
    ],
    [
      { kind: "webhook", name: "x", config: { url: "file:///etc/passwd" } },
      "config.url: must be an https:// address",
    ],
    [
      { kind: "alertmanager", name: "x", config: { url: "https://169.254.169.254" } },
      "169.254.169.254 leads to a private or reserved address. Name it in ALERT_DESTINATIONS_ALLOWED if alerts may go there.",
    ],
    [
      { kind: "email", name: "x", config: { to: ["a@b.test\r\nBcc: c@d.test"] } },
      "config.to.0: must be an e-mail address",
    ],
    [{ kind: "email", name: "x\ny", config: { to: ["a@b.test"] } }, "name: must be one line"],
    [
      { kind: "pagerduty", name: "x", config: {}, secret: { routingKey: "short" } },
      "secret.routingKey: must be an integration key: 32 letters and digits",
    ],
  ])("%j", async (input, message) => {
    expect(await set(input)).toMatchObject({ ok: false, error: { code: "BAD_INPUT", message } });
  });

  test("a name that is taken, a kind that changes", async () => {
    const { id } = await made(slack);
    expect(await set(slack)).toMatchObject({
      error: { code: "CONFLICT", message: "There is a channel named “ops” already." },
    });
    expect(await set({ ...email, channelId: id })).toMatchObject({
      error: { message: "This channel is Slack; its kind does not change." },
    });
  });

  test("whoever has not proven lately that it is they", async () => {
    const stale = await addActor(administration.console, "admin");
    await administration.sql`
      update sessions set reauthenticated_at = now() - interval '1 hour' where user_id = ${stale.id}`;
    expect(await administration.codeOf(setChannel, stale, slack)).toBe("REAUTHENTICATE");
  });
});

describe("routes", () => {
  const route = (given: Record<string, unknown>) => administration.succeed(setRoute, admin, given);
  const names = async () => (await readRoutes(administration.console.db)).map(({ name }) => name);
  const goes = async (labels: Record<string, string>, severity = "critical") => {
    const { tells } = await previewRoute(administration.console, {
      labels,
      severity: severity as "critical",
    });
    return tells.map(({ channel, route: by }) => `${channel.name} by ${by.name}`);
  };

  test("without any everything of warning and critical goes everywhere; people put others in front", async () => {
    const [ops, mail] = [await made(slack), await made(email)];
    expect(await names()).toEqual(["Everything else"]);
    expect(await goes({ check: "connections.used" })).toEqual([
      "mail by Everything else",
      "ops by Everything else",
    ]);
    expect(await goes({ check: "connections.used" }, "notice")).toEqual([]);
    const matchers = [{ label: "topic", is: "=", value: "replication" }];
    const first = await route({ name: "Replication", matchers, channels: [mail.id] });
    const second = await route({
      name: "All of it",
      channels: [ops.id],
      severities: ["notice", "critical"],
      goOn: true,
    });
    expect(await names()).toEqual(["Replication", "All of it", "Everything else"]);
    expect(await goes({ check: "replication.lag" })).toEqual(["mail by Replication"]);
    await administration.succeed(moveRoute, admin, { routeId: second.id, before: first.id });
    expect(await names()).toEqual(["All of it", "Replication", "Everything else"]);
    expect(await goes({ check: "replication.lag" })).toEqual(["ops by All of it", "mail by Replication"]);
    await route({ routeId: "default", name: "anything", channels: [] });
    expect(await goes({ check: "connections.used" }, "warning")).toEqual([]);
    expect(await administration.run(removeChannel, admin, { channelId: mail.id }, "mail")).toMatchObject({
      error: { code: "CONFLICT", message: "Routes lead to it: “Replication”." },
    });
    await administration.succeed(removeRoute, admin, { routeId: "default" });
    expect(await goes({ check: "connections.used" }, "warning")).toHaveLength(2);
  });

  test("an incident is previewed by the alerts that fire in it", async () => {
    await made(slack);
    const incident = await addIncident(administration.console);
    const preview = await previewRoute(administration.console, { incident: incident.id });
    expect(preview).toMatchObject({
      alerts: [
        { severity: "warning", labels: { check: "connections.idle_in_transaction", kind: "session" } },
      ],
      tells: [{ channel: { name: "ops" }, groupWaitSeconds: 30 }],
    });
  });

  test("names of what is not there are refused", async () => {
    const unknown = "01900000-0000-7000-8000-00000000dead";
    const codes = [
      await administration.codeOf(setRoute, admin, { name: "x", channels: [unknown] }),
      await administration.codeOf(setRoute, admin, { routeId: unknown, name: "x" }),
      await administration.codeOf(setRoute, admin, {
        routeId: "default",
        name: "x",
        matchers: [{ label: "check", is: "=", value: "a" }],
      }),
      await administration.codeOf(moveRoute, admin, { routeId: unknown, before: "default" }),
      await administration.codeOf(removeRoute, admin, { routeId: unknown }),
      await administration.codeOf(enableChannel, admin, { channelId: unknown, enabled: true }),
      await administration.codeOf(testChannel, admin, { channelId: unknown }),
    ];
    expect(codes).toEqual([
      "BAD_INPUT",
      "NOT_FOUND",
      "BAD_INPUT",
      "NOT_FOUND",
      "NOT_FOUND",
      "NOT_FOUND",
      "NOT_FOUND",
    ]);
  });
});

test("a test stands in the log of deliveries, and an incident says who was told", async () => {
  const { console, sql, succeed } = administration;
  const { id } = await made(slack);
  const { deliveryId } = await succeed(testChannel, admin, { channelId: id });
  const [line] = await getDeliveries(console, { id: deliveryId, limit: 1 });
  expect(line).toMatchObject({
    kind: "test",
    state: "pending",
    headline: "Test: ops is told of alerts",
    incident: null,
  });
  const incident = await addIncident(console);
  const silenced = { since: new Date().toISOString(), words: "silenced in Alertmanager by ada" };
  await sql`
    insert into telling_thread (incident_id, channel_id, told, telling, severity, told_at, silenced_there)
    values (${incident.id}, ${id}, 'firing', 1, 'warning', now(), ${sql.json(silenced)})`;
  expect(await getIncidentTellings(console, admin, incident.id)).toMatchObject([
    { channel: { name: "ops" }, told: "firing", waiting: null, silencedThere: { words: silenced.words } },
  ]);
  const elsewhere = { ...admin, targets: ["other"] };
  await expect(getIncidentTellings(console, elsewhere, incident.id)).rejects.toThrow(AppError);
});

describe("the check", () => {
  const now = new Date("2026-11-27T20:00:00Z");
  const limits = { warning: 300, critical: 3_600 };
  const health = {
    name: "ops",
    enabled: true,
    failingSince: null,
    error: null,
    disabledBecause: null,
    waiting: 0,
  };
  const failingFor = (seconds: number) => ({
    ...health,
    failingSince: new Date(now.getTime() - seconds * 1_000),
    error: "hooks.example.test answered 503",
    waiting: 3,
  });

  test("a channel is judged by how long nothing got there", () => {
    const states = [health, failingFor(299), failingFor(300), failingFor(3_600)].map(
      (one) => judgeChannel(one, now, limits).state,
    );
    expect(states).toEqual(["ok", "ok", "warning", "critical"]);
    expect(judgeChannel(failingFor(700), now, limits).words).toEqual({
      title: "Nothing reaches the channel ops for 11 min; 3 messages wait.",
      detail: "hooks.example.test answered 503",
    });
    expect(
      judgeChannel({ ...health, enabled: false, disabledBecause: "It is gone." }, now, limits),
    ).toMatchObject({
      state: "critical",
      words: { title: "The channel ops was disabled: nobody is told through it." },
    });
  });

  test("a channel that fails is found, and green again once it is told", async () => {
    const { sql } = administration;
    const { id } = await made(slack);
    const audit = connect({ target: "audit", urls: { watch: administration.url }, logger: quiet });
    const look = () => statesOf(checkChannels, { audit, channels: () => readChannelHealth(sql) });
    expect(await look()).toEqual([["ops", "ok"]]);
    await sql`update channel set failing_since = now() - interval '2 hours', last_error = 'x' where id = ${id}`;
    expect(await look()).toEqual([["ops", "critical"]]);
    await administration.succeed(enableChannel, admin, { channelId: id, enabled: false });
    expect(await look()).toEqual([]);
    await audit.close();
  });
});
