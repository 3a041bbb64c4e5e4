import { afterAll, beforeAll, expect, test } from "vitest";
import { type Alertmanager, startAlertmanager } from "../../testing/alertmanager.ts";
import { attemptOf, messageOf } from "../../testing/messages.ts";
import type { Message } from "../message.ts";
import { sendAlertmanager } from "./send-alertmanager.ts";

let alertmanager: Alertmanager;

beforeAll(async () => {
  alertmanager = await startAlertmanager();
});
afterAll(() => alertmanager?.stop());

const since = new Date(Date.now() - 60_000).toISOString();
const tell = (given: Partial<Message>) =>
  sendAlertmanager(
    attemptOf({ message: messageOf({ since, ...given }), config: { url: alertmanager.url, user: null } }),
  );
interface Held {
  labels: Record<string, string>;
  annotations: Record<string, string>;
  status: { state: string };
  startsAt: string;
  endsAt: string;
  generatorURL: string;
}
const held = (severity: string) => alertmanager.get<Held[]>(`alerts?filter=severity="${severity}"`);

test("an incident fires there, is silenced there and we say so, and resolves", async () => {
  expect(await tell({})).toEqual({ answer: "200", silencedThere: null });
  const [alert, ...others] = await held("critical");
  expect(others).toEqual([]);
  expect(alert).toMatchObject({
    labels: {
      alertname: "connections.idle_in_transaction",
      target: "audit",
      incident: "12",
      severity: "critical",
    },
    annotations: { summary: "Critical · Firing: Idle in transaction" },
    status: { state: "active" },
    startsAt: since,
    generatorURL: "https://console.test/audit/alerts/12",
  });
  const lasts = Date.parse(alert?.endsAt ?? "") - Date.now();
  expect(lasts).toBeGreaterThan(14 * 60_000);
  expect(lasts).toBeLessThanOrEqual(15 * 60_000);

  const silence = await alertmanager.silence(
    "connections.idle_in_transaction",
    "known, see the change of tonight",
  );
  expect(await tell({ kind: "refreshed" })).toEqual({
    answer: "200",
    silencedThere: expect.stringMatching(
      /^silenced in Alertmanager by ada until [\w: ]+ UTC: known, see the change of tonight$/,
    ),
  });
  await alertmanager.endSilence(silence);
  expect(await tell({ kind: "refreshed" })).toMatchObject({ silencedThere: null });

  expect(await tell({ kind: "resolved", endedAt: new Date().toISOString() })).toEqual({
    answer: "200",
    silencedThere: null,
  });
  await expect.poll(() => held("critical")).toEqual([]);
});

test("what becomes graver is another alert there, and the one before ends", async () => {
  await tell({ severity: "warning" });
  expect(await held("warning")).toHaveLength(1);
  await tell({ severity: "critical", severityBefore: "warning", kind: "rose" });
  await expect.poll(() => held("warning")).toEqual([]);
  expect(await held("critical")).toHaveLength(1);
});
