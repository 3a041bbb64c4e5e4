import { readFile } from "node:fs/promises";
import type { Command } from "commander";
import { AppError, exitStatus } from "../../errors.ts";
import { bundleName } from "../../requests/certificate/bundle-name.ts";
import { readPublicKeys } from "../../requests/certificate/public-keys.ts";
import type { Statement } from "../../requests/certificate/statement.ts";
import { type Verified, verifyBundle } from "../../requests/certificate/verify-bundle.ts";
import { counted, dayInWords, momentInWords } from "../../words.ts";
import { createOutput, type Output } from "../output/output.ts";

/** `privacy verify`: stands alone, with no environment and no database. */
export function addVerifyCommand(command: Command): void {
  command
    .command("verify <bundle...>")
    .description("whether a certificate, and supplements to it, are what the console signed, to the byte")
    .requiredOption("--key <file>", "its public keys: what /api/v1/keys answers (JWKS), a JWK, or a PEM")
    .action(async (files: string[], { key }: { key: string }, own: Command) => {
      const out = createOutput(own.optsWithGlobals().json === true);
      process.exitCode = await verify(out, files, key);
    });
}

async function verify(out: Output, files: readonly string[], keyFile: string): Promise<number> {
  const keys = await readPublicKeys(await read(keyFile));
  const texts = await Promise.all(files.map(read));
  const alone = await Promise.all(texts.map((text) => verifyBundle(text, keys)));
  const first = texts.find((_, nth) => alone[nth]?.statement?.n === 1);
  const found: (Verified & { file: string })[] = [];
  for (const [nth, text] of texts.entries())
    found.push({ file: files[nth] ?? "", ...(await verifyBundle(text, keys, first)) });
  out.document(found);
  for (const one of found) tell(out, one, first !== undefined);
  return found.every(({ problems }) => problems.length === 0) ? 0 : exitStatus.CONFLICT;
}

async function read(file: string): Promise<string> {
  return readFile(file, "utf8").catch((cause: NodeJS.ErrnoException) => {
    throw new AppError("NOT_FOUND", `${file} cannot be read: ${cause.code ?? cause.message}.`, { cause });
  });
}

function tell(out: Output, one: Verified & { file: string }, withCertificate: boolean): void {
  const { file, problems, statement, kid, sha256, receipts } = one;
  for (const problem of problems) out.line(`${file}: NOT VERIFIED. ${problem}`);
  if (problems.length > 0 || statement === null) return;
  out.line(
    `${file}: verified. Signed by ${kid} on ${momentInWords(statement.issuedAt)} UTC; sha256 ${sha256}.`,
  );
  for (const line of linesOf(statement)) out.line(`  ${line}`);
  out.line(`  ${counted(receipts.verified, "receipt")} verified.`);
  if (receipts.unknownKey > 0)
    out.line(`  ${counted(receipts.unknownKey, "receipt")} by keys that were not given.`);
  if (statement.n > 1 && !withCertificate)
    out.line(`  It is a supplement to the certificate with sha256 ${statement.of}, which was not given.`);
}

function linesOf({ request, n, erased, redacted, remains, backups, packages }: Statement): string[] {
  const { number, kind, article, receivedAt, closedAt } = request;
  const day = (at: string | null) => (at === null ? "not yet" : dayInWords(at));
  return [
    `${bundleName(n)}${n > 1 ? ` (document ${n})` : ""} of request #${number}: ${kind} (Art. ${article}), received ${day(receivedAt)}, closed ${day(closedAt)}.`,
    ...erased.map(
      ({ target, policy, destroyedAt, events, entry }) =>
        `Erased: ${counted(events, "event")} of ${policy} on ${target}, ${day(destroyedAt)}${entry === null ? "" : `, ledger entry ${entry}`}.`,
    ),
    ...redacted.map(({ target, events }) => `Redacted: ${counted(events, "event")} on ${target}.`),
    ...packages.map(({ sha256, events }) => `Package of ${counted(events, "event")}: sha256 ${sha256}.`),
    ...remains.map(
      ({ target, policy, what, ground, holds, until }) =>
        `Remains: ${what === "key" ? "" : "clear fields of "}${policy} on ${target}, by ${ground}${holds.map((hold) => ` #${hold}`).join("")}${until === null ? "" : ` until ${day(until)}`}.`,
    ),
    ...(backups ? [`Backups of the console hold its keys no longer than ${day(backups.reachedBy)}.`] : []),
  ];
}
