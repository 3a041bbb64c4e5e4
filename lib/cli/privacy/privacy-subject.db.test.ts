import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { adminActions } from "../../admin.ts";
import { openCommandLine } from "../../testing/command-line.ts";
import { addActor } from "../../testing/people.ts";
import { type PrivacyWorld, startPrivacyWorld } from "../../testing/privacy-world.ts";

const commandLine = openCommandLine();
const home = mkdtempSync(path.join(tmpdir(), "audit-cli-privacy-"));
const person = "patient-4711-of-the-terminal";
let world: PrivacyWorld;
let token: string;

beforeAll(async () => {
  world = await startPrivacyWorld(18, { worker: false });
  writeFileSync(path.join(home, "person"), `${person}\n`);
  const admin = await addActor(world.console, "admin");
  token = (
    (await world.succeed(adminActions.createToken, { name: "t", scopes: ["admin"] }, admin)) as {
      secret: string;
    }
  ).secret;
});
afterAll(async () => {
  await commandLine.close();
  rmSync(home, { recursive: true, force: true });
  await world?.close();
});

const run = (args: string[]) =>
  commandLine.run(args, { env: { XDG_CONFIG_HOME: home, ...world.environment, AUDIT_DB_TOKEN: token } });

test("a person is looked at, restricted, allowed, lifted, erased and redacted; their id comes from a file", async () => {
  const event = await world.append("eu", person, "minimal", 200);
  const from = ["--person-from", path.join(home, "person")];
  const reason = ["--reason", "Ticket AUD-7, the request"];
  const until = new Date(Date.now() + 3_600_000).toISOString();
  const answers = await Promise.all([
    run(["--json", "privacy", "subject", ...from]),
    run(["--target", "eu", "privacy", "erase", "--policy", "minimal", ...reason, ...from]),
    run([
      "--target",
      "eu",
      "privacy",
      "redact",
      `${event.occurredAt}_${event.id}`,
      "--field",
      "details",
      ...reason,
    ]),
    run(["--target", "eu", "privacy", "redact", "nothing", "--field", "details", ...reason]),
    run(["privacy", "restrict", "--ground", "needed_for_claims", ...reason, ...from]),
  ]);
  expect(answers.map(({ code, stderr }) => [code, code === 0 ? "" : stderr])).toEqual([
    [0, ""],
    [0, ""],
    [0, ""],
    [2, expect.stringContaining("its time and id")],
    [0, ""],
  ]);
  const [subject, erase, redact, , restrict] = answers.map(({ stdout }) => stdout);
  expect(JSON.parse(subject ?? "").policies).toMatchObject([{ target: "eu", policy: "minimal", events: 1 }]);
  for (const asked of [erase, redact]) expect(asked).toContain("audit-db approvals approve");
  expect(restrict).toContain("1 ledger entry");
  const allowed = await run([
    "privacy",
    "allow",
    "--ground",
    "consent",
    "--until",
    until,
    ...reason,
    ...from,
  ]);
  expect(allowed.stdout).toContain("shown until");
  expect((await run(["privacy", "lift", ...reason, ...from])).stdout).toContain("shown again");
  for (const { stdout, stderr } of [...answers, allowed]) expect(stdout + stderr).not.toContain(person);
});
