import { writeFile } from "node:fs/promises";
import path from "node:path";
import type { Command } from "commander";
import { findAction } from "../../admin.ts";
import { systemActor } from "../../auth/actor.ts";
import { closeConsoleDb, consoleDb } from "../../db/console-db.ts";
import { AppError } from "../../errors.ts";
import { bundleFile } from "../../requests/certificate/bundle-name.ts";
import type { RequestCertificate } from "../../requests/certificate/get-certificates.ts";
import { certificateReads } from "../../requests/certificate/reads.ts";
import { createReadContext } from "../../run-read.ts";
import { action, type CliContext } from "../command.ts";
import { waitForJob } from "../jobs/wait-for-job.ts";
import { wholeNumber } from "../output/list-page.ts";
import { runAction } from "../verbs/run-verb.ts";
import { type WaitOptions, withNoWait } from "../verbs/run-verb-job.ts";

/** `privacy execute` and `privacy certificate`. */
export function addExecutionCommands(command: Command): void {
  withNoWait(
    command
      .command("execute <number>")
      .description(
        "carry out what was decided of a request; to erase, sign in again within five minutes before",
      ),
  ).action(action<WaitOptions>(execute));
  command
    .command("certificate <number>")
    .description("save the certificate of a closed request, and its supplements, as files")
    .option("--out <folder>", "where", ".")
    .action(action<{ out: string }>(saveCertificates));
}

const numberOf = (text = "") => wholeNumber(text, "the number", Number.MAX_SAFE_INTEGER);

interface Told {
  state: string;
  happens: string[];
  stays: string[];
  cannotBeUndone: string[];
}

async function execute(context: CliContext, { wait = true }: WaitOptions, [given]: string[]): Promise<void> {
  const { out } = context;
  const request = numberOf(given);
  const { data, jobId } = await runAction(context, findAction("cli", "executeRequest"), { request });
  const { happens, stays, cannotBeUndone } = data as Told;
  for (const [title, lines] of [
    ["Happens", happens],
    ["Stays", stays],
    ["Cannot be undone", cannotBeUndone],
  ] as const)
    for (const line of lines) out.line(`${title}: ${line}`);
  const result = wait && jobId !== undefined ? await waitForJob(context, jobId) : undefined;
  out.document({ ...(data as object), jobId, ...(result !== undefined && { result }) });
  out.line(
    result === undefined
      ? `Job ${jobId} is begun. See it with: audit-db jobs watch ${jobId}`
      : `Carried out. See it with: audit-db privacy show ${request}`,
  );
}

async function saveCertificates(
  context: CliContext,
  { out: folder }: { out: string },
  [given]: string[],
): Promise<void> {
  const { out } = context;
  context.atEnd(closeConsoleDb);
  consoleDb();
  const request = numberOf(given);
  const reading = createReadContext(systemActor("command line"), {
    target: context.env.targets[0]?.name ?? "",
  });
  const { data } = (await certificateReads.requestCertificates.run(reading, { request })) as {
    data: RequestCertificate[];
  };
  if (data.length === 0)
    throw new AppError("NOT_FOUND", `Request #${request} has no certificate yet.`, {
      hint: "It is signed within seconds after the request was closed.",
    });
  const files = [];
  for (const { n, bundle, sha256, kid, signedAt } of data) {
    const file = path.resolve(folder, bundleFile(request, n));
    await writeFile(file, bundle);
    files.push({ file, n, sha256, kid, signedAt });
    out.line(`${file}  sha256 ${sha256}`);
  }
  out.document(files);
  out.line("Verify them anywhere with: audit-db privacy verify FILE --key KEYS (save /api/v1/keys as KEYS).");
}
