import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { adminActions } from "../../admin.ts";
import { listPublicKeys } from "../../key-store/list-public-keys.ts";
import { openCommandLine } from "../../testing/command-line.ts";
import { pdfText } from "../../testing/packages.ts";
import { addActor } from "../../testing/people.ts";
import { type RequestWorld, startRequestWorld } from "../../testing/request-world.ts";
import { writeSignIn } from "../people/sign-in-file.ts";

const commandLine = openCommandLine();
const home = mkdtempSync(path.join(tmpdir(), "audit-cli-execution-"));
const alone = path.join(home, "alone");
const person = "patient-4712-of-the-terminal";
let world: RequestWorld;

beforeAll(async () => {
  world = await startRequestWorld(18);
  mkdirSync(alone);
  vi.stubEnv("XDG_CONFIG_HOME", home);
  writeSignIn({ sessionId: world.officer.sessionId ?? "", email: world.officer.email ?? "" });
});
afterAll(async () => {
  await commandLine.close();
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true, force: true });
  await world?.close();
});

const run = (args: string[], env: Record<string, string>, cwd = home) => commandLine.run(args, { env, cwd });

test("a request is carried out by somebody who has just signed in, certified, and verified in a folder of its own", async () => {
  await world.append("eu", person, "minimal", 200);
  const { number } = await world.decided(person, { "eu minimal": "grant" });
  const signedIn = { XDG_CONFIG_HOME: home, ...world.environment };

  const admin = await addActor(world.console, "admin");
  const { secret } = await world.succeed(adminActions.createToken, { name: "t", scopes: ["admin"] }, admin);
  const byToken = await run(["privacy", "execute", `${number}`], { ...signedIn, AUDIT_DB_TOKEN: secret });
  expect([byToken.code, byToken.stderr]).toEqual([3, expect.stringContaining("a token cannot")]);

  const early = await run(["privacy", "certificate", `${number}`], signedIn);
  expect([early.code, early.stderr]).toEqual([4, expect.stringContaining("no certificate yet")]);

  const executed = await run(["privacy", "execute", `${number}`], signedIn);
  expect([executed.code, executed.stderr]).toEqual([0, ""]);
  expect(executed.stdout).toContain("Happens: 1 event of minimal on eu become");
  expect(executed.stdout).toContain("Cannot be undone: ");
  await world.settled();
  await world.closed(number);

  const letter = path.join(home, "letter.pdf");
  const written = await run(["privacy", "letter", `${number}`, "--out", letter], signedIn);
  expect([written.code, written.stderr]).toEqual([0, ""]);
  expect(statSync(letter).mode & 0o777).toBe(0o600);
  expect(await pdfText(readFileSync(letter))).toContain("minimal (eu): erased on");
  const again = await run(["privacy", "letter", `${number}`, "--out", letter], signedIn);
  expect([again.code, again.stderr]).toEqual([5, expect.stringContaining("is there already")]);

  const saved = await run(["privacy", "certificate", `${number}`, "--out", alone], signedIn);
  expect([saved.code, saved.stderr]).toEqual([0, ""]);
  const [file = ""] = readdirSync(alone);
  expect(file).toBe(`request-${number}-certificate.json`);
  const jwks = { keys: (await listPublicKeys(world.sql)).map(({ jwk, kid }) => ({ ...jwk, kid })) };
  writeFileSync(path.join(alone, "keys.json"), JSON.stringify(jwks));

  // Neither a database nor an environment that would hold: it asks neither.
  const nothing = { AUDIT_DATABASE_URL: "no address", HOME: alone };
  const verify = (...more: string[]) =>
    run(["privacy", "verify", file, "--key", "keys.json", ...more], nothing, alone);
  const good = await verify();
  expect([good.code, good.stderr]).toEqual([0, ""]);
  expect(good.stdout).toContain(`${file}: verified.`);
  expect(good.stdout).toContain(`Certificate of request #${number}: erasure (Art. 17)`);
  expect(JSON.parse((await verify("--json")).stdout)).toMatchObject([{ problems: [], statement: { n: 1 } }]);

  const text = readFileSync(path.join(alone, file), "utf8");
  writeFileSync(path.join(alone, file), text.replace('"kind": "erasure"', '"kind": "erasurf"'));
  const bad = await verify();
  expect([bad.code, bad.stdout]).toEqual([
    5,
    expect.stringContaining("NOT VERIFIED. The readable part differs"),
  ]);
  expect((await run(["privacy", "verify", "none.json", "--key", "keys.json"], nothing, alone)).code).toBe(4);
  for (const { stdout, stderr } of [executed, written, again, saved, good, bad])
    expect(stdout + stderr).not.toContain(person);
}, 180_000);
