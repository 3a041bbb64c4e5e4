import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createToken } from "../../accounts/create-token.ts";
import { createMasterKeyFile } from "../../audit-db/vault/file-master-keys.ts";
import { type Administration, startAdministration } from "../../testing/administration.ts";
import { openCommandLine } from "../../testing/command-line.ts";
import { tablesHolding } from "../../testing/find-text.ts";
import { addActor } from "../../testing/people.ts";

const commandLine = openCommandLine();
const home = mkdtempSync(path.join(tmpdir(), "audit-cli-holds-"));
const person = "patient-4711-of-the-terminal";
let administration: Administration;
let placer: string;
let second: string;

beforeAll(async () => {
  administration = await startAdministration();
  createMasterKeyFile(path.join(home, "master-key.json"));
  writeFileSync(path.join(home, "person"), `${person}\n`);
  const { console, succeed } = administration;
  const tokenOf = async () => {
    const owner = await addActor(console, "admin");
    return (await succeed(createToken, owner, { name: "t", scopes: ["admin"] })).secret;
  };
  [placer, second] = [await tokenOf(), await tokenOf()];
});
afterAll(async () => {
  await commandLine.close();
  rmSync(home, { recursive: true, force: true });
  await administration.close();
});

const run = (args: string[], token?: string) =>
  commandLine.run(args, {
    env: {
      XDG_CONFIG_HOME: home,
      DATA_DIR: home,
      CONSOLE_DATABASE_URL: administration.url,
      AUDIT_DATABASE_URL: "postgres://x@127.0.0.1:1/x",
      MASTER_KEY_FILE: path.join(home, "master-key.json"),
      AUDIT_DB_TOKEN: token,
    },
  });

test("placed by one person, listed, shown, and released by another; nobody's id is kept", async () => {
  const place = ["holds", "place", "--name", "Case 7", "--reason", "Ticket AUD-7, the case"];
  expect((await run(place)).code).toBe(3);
  const placed = await run(
    [
      ...place,
      "--policy",
      "phi",
      "--action",
      "invoice.*",
      "--person-from",
      path.join(home, "person"),
      "--json",
    ],
    placer,
  );
  expect([placed.code, placed.stderr]).toEqual([0, ""]);
  const { number } = JSON.parse(placed.stdout);
  expect(JSON.parse(placed.stdout)).toMatchObject({ state: "in_force", awaits: [] });
  const [list, shown] = await Promise.all([
    run(["holds", "list"]),
    run(["holds", "show", `#${number}`, "--json"]),
  ]);
  expect(list.stdout).toContain("one person · policy phi · action invoice.*");
  expect(JSON.parse(shown.stdout)).toMatchObject({
    number,
    person: true,
    scope: { policies: ["phi"], actions: ["invoice.*"] },
  });
  const release = ["holds", "release", String(number), "--reason", "the case is closed"];
  const own = await run(release, placer);
  expect([own.code, own.stderr]).toEqual([3, expect.stringContaining("Somebody else must release it")]);
  expect((await run([...release, "--hold-version", "2"], second)).code).toBe(5);
  const released = await run(release, second);
  expect([released.code, released.stdout]).toEqual([0, expect.stringContaining(`Released #${number}.`)]);
  expect((await run(["holds", "list"])).stdout).toContain("There is no such hold.");
  expect((await run(["holds", "show", "999"])).code).toBe(4);
  for (const none of [
    ["show", "x"],
    ["release", "x", "--reason", "the case is closed"],
  ]) {
    const { code, stderr } = await run(["holds", ...none], second);
    expect([code, stderr]).toEqual([2, expect.stringContaining("neither the number nor the id of a hold")]);
  }
  expect(await tablesHolding(administration.sql, person)).toEqual([]);
});
