import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createMasterKeyFile, openMasterKeyFile } from "../../audit-db/vault/file-master-keys.ts";
import { delivering } from "../../channels/keep-delivering.ts";
import { createReach } from "../../channels/send/reach.ts";
import { senders } from "../../channels/send/senders.ts";
import { type ConsoleDb, openConsoleDb } from "../../db/console-db.ts";
import { openCommandLine, runProgram } from "../../testing/command-line.ts";
import { createDatabase, type TestDatabase } from "../../testing/database.ts";
import { addIncident } from "../../testing/incidents.ts";
import { type Receiver, startReceiver } from "../../testing/messages.ts";

const commandLine = openCommandLine();
const dataDir = mkdtempSync(path.join(tmpdir(), "audit-cli-channels-"));
const masterKeyFile = path.join(dataDir, "keys.json");
const quiet = { debug() {}, info() {}, warn() {}, error() {} };
let own: TestDatabase;
let console: ConsoleDb;
let receiver: Receiver;
let environment: Record<string, string>;

beforeAll(async () => {
  createMasterKeyFile(masterKeyFile);
  [own, receiver] = await Promise.all([createDatabase({ template: "console" }), startReceiver()]);
  environment = {
    DATA_DIR: dataDir,
    AUDIT_DATABASES: JSON.stringify({ one: { database_url: "postgres://nobody:none@127.0.0.1:1/none" } }),
    CONSOLE_DATABASE_URL: own.url,
    MASTER_KEY_FILE: masterKeyFile,
    ALERT_DESTINATIONS_ALLOWED: "127.0.0.1",
  };
  console = openConsoleDb(own.url, { max: 2 });
});
afterAll(async () => {
  await commandLine.close();
  await Promise.all([console?.close(), receiver?.close()]);
  await own?.drop();
  rmSync(dataDir, { recursive: true, force: true });
});

/** The target does not answer. */
const run = (args: string[]) => commandLine.run(args, { env: environment });
const ran = (line: string) => run(line.split(" "));
const set = (stdin: string) => runProgram(["channels", "set", "-"], { env: environment, stdin });
const setJson = (channel: unknown) => set(JSON.stringify(channel));
const idOf = async (name: string) =>
  (await console.sql<{ id: string }[]>`select id from channel where name = ${name}`)[0]?.id ?? "";

/** The same while a worker's rounds go on. */
async function whileDelivering<T>(work: Promise<T>): Promise<T> {
  const round = delivering({
    console,
    masterKeys: openMasterKeyFile(masterKeyFile),
    senders,
    reach: createReach(["127.0.0.1"]),
    mail: { url: undefined, from: undefined },
    logger: quiet as never,
    timeoutMs: 5_000,
  });
  const stop = new AbortController();
  const rounds = setInterval(() => void round(stop.signal).catch(() => {}), 100);
  return work.finally(() => {
    clearInterval(rounds);
    stop.abort();
  });
}

const slackPath = "services/T0/B0/secretpath";

test("a channel is set from JSON, tried, turned off and removed; what is secret is shown never, a key once", async () => {
  const none = await ran("channels");
  expect([none.code, none.stdout]).toEqual([
    0,
    "No channel: nobody is told of alerts. Make one with `audit-db channels set FILE`.\n",
  ]);
  const file = path.join(dataDir, "hook.json");
  const hook = { kind: "webhook", name: "hook", config: { url: `${receiver.url}/hook` } };
  writeFileSync(file, JSON.stringify(hook));
  const [made, slack, ...wrong] = await Promise.all([
    run(["channels", "set", file]),
    setJson({
      kind: "slack",
      name: "on call",
      config: {},
      secret: { url: `https://hooks.slack.com/${slackPath}` },
    }),
    setJson({ ...hook, name: "inside", config: { url: "https://10.0.0.1/hook" } }),
    run(["channels", "set", path.join(dataDir, "none.json")]),
    set("{kind: webhook}"),
    run(["channels", "test", "nobody"]),
  ]);
  expect([made.code, made.stderr]).toEqual([0, ""]);
  const key = /whsec_[A-Za-z0-9+/]{43}=/.exec(made.stdout)?.[0] ?? "none";
  expect(made.stdout).toMatch(
    /^Channel "hook" \([0-9a-f-]{36}\) is set\. Try it: audit-db channels test hook\n[\s\S]+It is shown this once\.\n$/,
  );
  expect(slack).toMatchObject({ code: 0, stdout: expect.stringContaining('channels test "on call"') });
  expect(wrong.map(({ code, stdout, stderr }) => [code, stdout, stderr])).toEqual([
    [2, "", expect.stringContaining("10.0.0.1 leads to a private or reserved address. Name it in ALERT_")],
    [2, "", expect.stringContaining("none.json cannot be read (ENOENT)")],
    [2, "", expect.stringContaining("Standard input is no JSON")],
    [4, "", expect.stringContaining('There is no channel "nobody". See `audit-db channels list`.')],
  ]);

  receiver.answer((_request, response) => response.writeHead(401).end("who is that?"));
  const refused = await whileDelivering(ran("channels test hook"));
  expect([refused.code, refused.stdout]).toEqual([
    1,
    "hook did not take it: 127.0.0.1 answered 401: who is that?\n",
  ]);
  receiver.answer(200);
  const id = await idOf("hook");
  const taken = await whileDelivering(run(["channels", "test", id, "--json"]));
  expect([taken.code, JSON.parse(taken.stdout)]).toMatchObject([0, { kind: "test", state: "delivered" }]);

  const [listed, document, log] = await Promise.all([
    ran("channels list"),
    ran("channels list --json"),
    ran("channels deliveries --channel hook"),
  ]);
  // A test that was refused says nothing of the channel; the one that was taken does.
  expect(listed.stdout).toMatch(/^hook +Webhook +127\.0\.0\.1 +enabled +20\S+ \S+.* 0 +[0-9a-f-]{36}$/m);
  expect(listed.stdout).toMatch(/^on call +Slack +secret +enabled +/m);
  expect(log.stdout).toMatch(/ hook +Test: hook is told of alerts +delivered +1 +200: answered 200\n/);
  expect(log.stdout).toMatch(/ hook +Test: hook is told of alerts +dead +1 +127\.0\.0\.1 answered 401/);

  const renewed = await setJson({ ...hook, channelId: id, name: "hook 2", renewKey: true });
  expect(renewed.stdout).toContain("whsec_");
  const off = await run(["channels", "disable", "hook 2"]);
  expect([off.code, off.stdout]).toEqual([0, 'Channel "hook 2" is disabled.\n']);
  const on = await run(["channels", "enable", id]);
  expect([on.code, on.stdout]).toEqual([0, 'Channel "hook 2" is enabled.\n']);

  const said = [slack, refused, taken, listed, document, log, off, on, ...wrong];
  expect(said.map(({ stdout, stderr }) => stdout + stderr).join("\n")).not.toContain(key);
  expect(JSON.stringify([made, renewed, ...said])).not.toContain("secretpath");

  const removed = await run(["channels", "remove", "hook 2"]);
  expect([removed.code, removed.stdout]).toEqual([0, 'Channel "hook 2" is removed.\n']);
});

test("routes are set, moved, tried with labels and with an incident, and removed", async () => {
  const made = ["dba", "team"].map((name) =>
    setJson({ kind: "webhook", name, config: { url: `${receiver.url}/${name}` } }),
  );
  await Promise.all(made);
  const incident = await addIncident(console, { target: "one", checkId: "replication.lag" });
  const first = await run([
    ..."routes set Replication --match topic=replication --to dba --repeat none --group-wait 0".split(" "),
    "--json",
  ]);
  const second = await run([
    ..."routes set Grave --severity critical --to team --repeat 3600 --go-on --json".split(" "),
  ]);
  expect([first.code, second.code]).toEqual([0, 0]);
  const ids = [first, second].map(({ stdout }) => (JSON.parse(stdout) as { id: string }).id);
  const [replication = "", grave = ""] = ids;

  const [listed, labels, ofIncident, ...wrong] = await Promise.all([
    ran("routes list"),
    ran("routes test check=replication.lag target=one --severity critical"),
    run(["routes", "test", "--incident", incident.id]),
    ran("routes set Wrong --match colour=red"),
    ran("routes set Wrong --repeat 5"),
    ran("routes test check~replication.*"),
    run(["routes", "move", replication, "--before", "01900000-0000-7000-8000-00000000dead"]),
  ]);
  expect(listed.stdout).toMatch(
    /Replication +topic=replication +warning, critical +dba +after 0 s, changes each 5 min, told once +ends +/,
  );
  expect(listed.stdout).toMatch(
    /Grave +everything +critical +team +after 30 s, changes each 5 min, again each 60 min +goes on/,
  );
  expect(listed.stdout).toMatch(/Everything else +everything +warning, critical +every channel .+ default$/m);
  expect(labels.stdout).toMatch(/^dba +Replication +after 0 s/m);
  expect(labels.stdout).not.toContain("team");
  expect(ofIncident.stdout).toMatch(/^dba +Replication +/m);
  expect(wrong.map(({ code, stderr }) => [code, stderr])).toEqual([
    [2, expect.stringContaining('"colour=red" is no condition on a label')],
    [2, expect.stringContaining("--repeat")],
    [2, expect.stringContaining("write check=replication.*")],
    [4, expect.stringContaining("There is no such route")],
  ]);

  expect((await run(["routes", "move", grave, "--before", replication])).code).toBe(0);
  const both = await ran("routes test check=replication.lag");
  expect(both.stdout).toMatch(/^team +Grave +[\s\S]+^dba +Replication +/m);
  expect((await run(["routes", "set", "Grave", "--id", grave, "--nobody"])).code).toBe(0);
  expect((await ran("routes test check=replication.lag")).stdout).toBe(
    'Nobody is told: "Grave" leads to no channel.\n',
  );
  const [led, removed] = await Promise.all([
    run(["channels", "remove", "dba"]),
    run(["routes", "remove", grave]),
  ]);
  expect([led.code, led.stderr]).toEqual([5, expect.stringContaining("Routes lead to it: “Replication”.")]);
  expect(removed.stdout).toBe('Route "Grave" is removed.\n');
  expect((await run(["routes", "remove", grave])).code).toBe(4);
});
