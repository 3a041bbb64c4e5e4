import { spawn } from "node:child_process";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDatabase, type TestDatabase } from "../../testing/database.ts";
import { createTestVault, type TestVault } from "../../testing/vault.ts";
import { prepareEvents } from "./event.ts";
import type { EventInput } from "./event-schema.ts";

const script = path.resolve(import.meta.dirname, "../../testing/append-steadily.ts");
const events = prepareEvents(
  Array.from(
    { length: 6_000 },
    (_, index): EventInput => ({
      organizationId: "org-1",
      action: "record.viewed",
      status: "success",
      actor: { id: `u-${index % 50}`, name: "Ada Example" },
      details: { index },
    }),
  ),
);
const batch = 100;
let database: TestDatabase;
let keys: TestVault;
let writerUrl: string;

beforeAll(async () => {
  [database, keys] = await Promise.all([createDatabase({ template: "audit" }), createTestVault()]);
  writerUrl = await database.login(["audit_writer", "pg_monitor"]);
});

afterAll(async () => {
  await Promise.all([database.drop(), keys.drop()]);
});

interface Said {
  acknowledged: number;
  outcomes: Record<string, number>;
}

/** Runs the process on all events; killed as soon as `killAt` are acknowledged. Answers the last thing it said. */
function run(killAt = Number.POSITIVE_INFINITY): Promise<{ said: Said; signal: string | null }> {
  return new Promise((resolve, reject) => {
    const args = [script, writerUrl, keys.console.url, keys.masterKeyFile, String(batch), String(killAt)];
    const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
    let text = "";
    const said = () => JSON.parse(text.slice(0, text.lastIndexOf("\n")).split("\n").at(-1) || "{}") as Said;
    child.stdout.on("data", (chunk: Buffer) => {
      text += chunk;
      if (said().acknowledged >= killAt) child.kill("SIGKILL");
    });
    child.on("error", reject);
    child.on("close", (_, signal) => resolve({ said: said(), signal }));
    child.stdin.end(`${events.map((event) => JSON.stringify(event)).join("\n")}\n`);
  });
}

test("killed between two batches, all it acknowledged is there; begun again, nothing is there twice", async () => {
  const killed = await run(1_000);
  expect(killed.signal).toBe("SIGKILL");
  const stored = () => database.sql<{ id: string; leaf: string }[]>`
    select id, encode(leaf, 'hex') as leaf from audit_log order by id`;
  const before = await stored();
  expect(before.length).toBeGreaterThanOrEqual(killed.said.acknowledged);
  expect(before.length).toBeLessThan(events.length);
  // All of a batch or nothing of it.
  expect(before.length % batch).toBe(0);
  const there = new Set(before.map(({ id }) => id));
  for (const { id } of events.slice(0, killed.said.acknowledged)) expect(there.has(id)).toBe(true);

  const again = await run();
  expect(again.signal).toBeNull();
  expect(again.said).toEqual({
    acknowledged: events.length,
    outcomes: { duplicate: before.length, stored: events.length - before.length },
  });
  const after = await stored();
  expect(after).toHaveLength(events.length);
  const leaves = new Map(after.map(({ id, leaf }) => [id, leaf]));
  for (const { id, leaf } of before) expect(leaves.get(id)).toBe(leaf);
});
