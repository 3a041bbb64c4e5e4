import { type Command, Option } from "commander";
import { z } from "zod";
import { type LedgerKind, ledgerKinds } from "../../../drizzle/console/schema/privacy.ts";
import { findAction } from "../../admin.ts";
import { systemActor } from "../../auth/actor.ts";
import { closeConsoleDb, consoleDb } from "../../db/console-db.ts";
import { AppError, exitStatus } from "../../errors.ts";
import type { PlannedReplay } from "../../privacy/ledger/get-replay-plan.ts";
import { ledgerReads } from "../../privacy/ledger/ledger-reads.ts";
import type { Replayed } from "../../privacy/ledger/replay-job.ts";
import type { LedgerRow } from "../../privacy/types.ts";
import { createReadContext } from "../../run-read.ts";
import { counted } from "../../words.ts";
import { action, type CliContext, oneTarget } from "../command.ts";
import { readTextFile } from "../input/read-text-file.ts";
import { timeText } from "../output/format.ts";
import { wholeNumber } from "../output/list-page.ts";
import { awaitsWords } from "../verbs/act.ts";
import { runAction } from "../verbs/run-verb.ts";
import { runVerbJob, type WaitOptions, withNoWait } from "../verbs/run-verb-job.ts";

interface LedgerOptions {
  kind?: LedgerKind;
  everywhere?: boolean;
  before?: string;
  limit: string;
}

interface ReplayOptions extends WaitOptions {
  dryRun?: boolean;
  yes?: boolean;
}

/** `privacy ledger`, `privacy replay` and `privacy trust-key`. */
export function addLedgerCommands(command: Command): void {
  command
    .command("ledger")
    .description("entries of the privacy ledger, newest first, and whether each receipt is in its log")
    .addOption(new Option("--kind <kind>", "only those").choices(ledgerKinds))
    .option("--everywhere", "of every target")
    .option("--before <entry>", "only entries with a smaller number: the next page")
    .option("--limit <count>", "1 to 500", "50")
    .action(action<LedgerOptions>(tellLedger));
  withNoWait(
    command
      .command("replay")
      .description("make up for a console or a target that was restored from an older dump")
      .option("--dry-run", "only say exactly what would be done")
      .option("--yes", "do it; nobody is asked"),
  ).action(action<ReplayOptions>(replay));
  command
    .command("trust-key <kid>")
    .description("take a public key for this console's own former one; a second administrator must agree")
    .requiredOption("--jwk-from <file>", "its JWK, as /api/v1/keys has it, or - for standard input")
    .requiredOption("--reason <text>", "why, in at least two words, such as the ticket")
    .action(action<{ jwkFrom: string; reason: string }>(trustKey));
}

function reading(context: CliContext) {
  context.atEnd(closeConsoleDb);
  consoleDb();
  return createReadContext(systemActor("command line"), { target: oneTarget(context).name });
}

async function tellLedger(
  context: CliContext,
  { kind, everywhere, before, limit }: LedgerOptions,
): Promise<void> {
  const { out } = context;
  const { data } = await ledgerReads.ledger.run(reading(context), {
    kind,
    everywhere: everywhere === true,
    before: before === undefined ? undefined : wholeNumber(before, "--before", Number.MAX_SAFE_INTEGER),
    limit: wholeNumber(limit, "--limit", 500),
  });
  out.document(data);
  if (data.entries.length === 0) return out.line("There is no such entry.");
  out.table(
    ["entry", "at", "what", "target", "by", "receipt"],
    data.entries.map((row) => [
      row.entry,
      timeText(new Date(row.at)),
      whatOf(row),
      row.target,
      row.by,
      `${row.receiptId} ${row.receipt}`,
    ]),
  );
  if (data.next !== null) out.line(`There are more. Go on with --before ${data.next}.`);
}

function whatOf(row: LedgerRow): string {
  switch (row.kind) {
    case "erasure":
      return `erasure of ${row.facts.token}: ${row.facts.policies.join(", ")}`;
    case "redaction":
      return `redaction of event ${row.facts.id}: ${[...Object.keys(row.facts.fields), ...row.facts.personal].join(", ")}`;
    default:
      return `${row.kind.replace("_", " ")}: ${row.facts.tokens.join(", ")}`;
  }
}

async function replay(context: CliContext, options: ReplayOptions): Promise<number | undefined> {
  const { out } = context;
  if (options.dryRun === options.yes)
    throw new AppError("BAD_INPUT", "Say --dry-run to see what would be done, or --yes to do it.");
  const { name: target } = oneTarget(context);
  if (options.dryRun) {
    const { data } = await ledgerReads.replayPlan.run(reading(context), {});
    out.document(data);
    tellPlan(context, data);
    return data.needed ? exitStatus.CONFLICT : 0;
  }
  const done = (await runVerbJob(context, "replayLedger", { target }, options)) as Replayed | undefined;
  if (!done) return undefined;
  out.document(done);
  out.line(
    `${counted(done.entries, "entry", "entries")} written again, ${counted(done.keys, "key")} destroyed again, ` +
      `${counted(done.redactions, "redaction")} done again, ${counted(done.receipts, "receipt")} sent again.`,
  );
  if (done.differing.length > 0)
    out.line(`Events that are not those that were redacted: entries ${done.differing.join(", ")}.`);
  if (done.untrusted > 0)
    out.line(
      `${counted(done.untrusted, "event")} among the receipts nobody known here signed: see --dry-run.`,
    );
  return done.differing.length > 0 ? exitStatus.CONFLICT : 0;
}

async function trustKey(
  context: CliContext,
  { jwkFrom, reason }: { jwkFrom: string; reason: string },
  [kid = ""]: string[],
): Promise<void> {
  const { kty, crv, x } = await readJwk(jwkFrom);
  const input = { kid, publicKey: { kty, crv, x }, reason };
  const { data, awaitsApproval } = await runAction(context, findAction("cli", "trustReceiptKey"), input);
  context.out.document(data);
  context.out.line(awaitsApproval ? awaitsWords(data) : JSON.stringify(data));
}

/** What is no key at all; the verb says what is wrong with one. @throws AppError NOT_FOUND, BAD_INPUT */
async function readJwk(from: string): Promise<Record<string, unknown>> {
  const content = await readTextFile(from);
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(content));
  } catch {
    throw new AppError("BAD_INPUT", "--jwk-from must hold one key as a JSON object.");
  }
}

function tellPlan({ out }: CliContext, plan: PlannedReplay): void {
  const { entries, keys, redactions, receipts, untrusted, needed } = plan;
  if (!needed) out.line("Log and ledger agree: there is nothing to replay.");
  for (const { entry, kind, at } of entries)
    out.line(
      `Write entry ${entry} (${kind.replace("_", " ")}, ${timeText(new Date(at))}) again, and do it again.`,
    );
  for (const token of keys) out.line(`Destroy the key of ${token}.`);
  if (redactions.length > 0) out.line(`Take values out of events again: entries ${redactions.join(", ")}.`);
  if (receipts.length > 0) out.line(`Deliver receipts again: entries ${receipts.join(", ")}.`);
  for (const { id, occurredAt, why, kid } of untrusted)
    out.line(`Nothing for event ${id} of ${occurredAt}: ${why}${kid === null ? "" : ` (${kid})`}.`);
}
