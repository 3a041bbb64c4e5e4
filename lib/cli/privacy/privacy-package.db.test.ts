import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { openCommandLine } from "../../testing/command-line.ts";
import { askForPackage, unzip, workPackage } from "../../testing/packages.ts";
import { type PrivacyWorld, startPrivacyWorld } from "../../testing/privacy-world.ts";
import { moveTestRequest, openTestRequest } from "../../testing/requests.ts";
import { writeSignIn } from "../people/sign-in-file.ts";

const commandLine = openCommandLine();
const home = mkdtempSync(path.join(tmpdir(), "audit-cli-package-"));
let world: PrivacyWorld;
let number: number;

beforeAll(async () => {
  vi.stubEnv("XDG_CONFIG_HOME", home);
  world = await startPrivacyWorld(18, { worker: false });
  await world.append("eu", "mina-1", "standard", 1);
  ({ number } = await openTestRequest(world, { kind: "access", person: "mina-1" }));
  const parts = [{ target: "eu", policy: "standard", decision: "grant" as const, ground: null }];
  const request = await moveTestRequest(world, number, "executing", { decision: { ground: null, parts } });
  await workPackage(world, await askForPackage(world, request));
  writeSignIn({ sessionId: world.officer.sessionId as string, email: "officer@example.test" });
});
afterAll(async () => {
  await commandLine.close();
  rmSync(home, { recursive: true, force: true });
  await world?.close();
});

const run = (args: string[]) =>
  commandLine.run(args, { env: { XDG_CONFIG_HOME: home, ...world.environment } });

test("passphrase, link and the archive itself come from the command line; what was downloaded is gone", async () => {
  const file = path.join(home, "package.zip");
  const of = ["privacy", "package", String(number)];
  const passphrase = await run(["--json", ...of, "--passphrase"]);
  expect(passphrase).toMatchObject({ code: 0 });
  const link = await run([...of, "--link"]);
  expect(link.stdout).toContain(`/api/v1/privacy/requests/${number}/package?link=`);
  const downloaded = await run([...of, "--download", file]);
  expect(downloaded).toMatchObject({ code: 0 });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const files = await unzip(readFileSync(file), JSON.parse(passphrase.stdout).passphrase);
  expect(String(files["events.json"])).toContain("mina-1");
  const [again, both, none] = await Promise.all([
    run([...of, "--download", `${file}.2`]),
    run([...of, "--link", "--passphrase"]),
    run([...of]),
  ]);
  expect([again.code, both.code, none.code].every((code) => code !== 0)).toBe(true);
  expect(again.stderr).toContain("no package to hand out");
  const kept = await run([...of, "--download", file]);
  expect(kept.stderr).toContain("is there already");
  expect(readFileSync(file).length).toBeGreaterThan(1_000);
});
