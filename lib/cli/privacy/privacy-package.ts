import { open, rm } from "node:fs/promises";
import type { Command } from "commander";
import { consoleDb } from "../../db/console-db.ts";
import { AppError } from "../../errors.ts";
import { openDownload, sendPackage } from "../../requests/package/download-package.ts";
import { momentInWords } from "../../words.ts";
import { action, type CliContext } from "../command.ts";
import { codeOf, explainFile } from "../events/export-file.ts";
import { readPerson } from "../people/read-person.ts";
import { runVerb } from "../verbs/run-verb.ts";
import { runVerbJob } from "../verbs/run-verb-job.ts";

interface PackageOptions {
  link?: true;
  passphrase?: true;
  download?: string;
  again?: string;
}

/** `privacy package`: what is handed out for a request of access or portability. */
export function addPackageCommand(command: Command): void {
  command
    .command("package <number>")
    .description(
      "the encrypted package of a request: a link, its passphrase, the archive itself, or made again",
    )
    .option("--link", "a link for one download within a day")
    .option("--passphrase", "what opens it: shown once, to be sent by another way than the package")
    .option("--download <file>", "the archive into a new file; it is deleted from the console then")
    .option("--again <reason>", "have it made again, as there is now, under another passphrase")
    .action(action<PackageOptions>(handOut));
}

async function handOut(context: CliContext, options: PackageOptions, [given]: string[]): Promise<void> {
  const request = Number(given);
  if (!Number.isSafeInteger(request) || request < 1)
    throw new AppError("BAD_INPUT", `"${given}" is no number of a request.`);
  const { link, passphrase, download, again } = options;
  if ([link, passphrase, download, again].filter((one) => one !== undefined).length !== 1)
    throw new AppError("BAD_INPUT", "Say one of --link, --passphrase, --download FILE, --again REASON.");
  const { out, env } = context;
  if (passphrase) {
    const shown = await runVerb(context, "showPackagePassphrase", { request });
    out.document(shown);
    out.line(shown.passphrase);
    out.line("It is shown this once. Send it by another way than the package.");
  } else if (again !== undefined) {
    const made = await runVerbJob(context, "remakePackage", { request, reason: again }, {});
    out.document(made);
    out.line(`The package of request #${request} is made again.`);
  } else if (download !== undefined) await fetchPackage(context, request, download);
  else {
    const made = await runVerb(context, "createPackageLink", { request });
    const address = `${env.NEXTAUTH_URL?.replace(/\/$/, "") ?? ""}${made.link}`;
    out.document({ ...made, link: address });
    out.line(`${address}\nFor one download until ${momentInWords(made.until)} UTC.`);
  }
}

async function fetchPackage(context: CliContext, request: number, file: string): Promise<void> {
  const handle = await open(file, "wx", 0o600).catch((thrown: unknown) => {
    if (codeOf(thrown) === "EEXIST") throw new AppError("CONFLICT", `${file} is there already.`);
    throw explainFile(thrown, file) ?? thrown;
  });
  try {
    const made = await runVerb(context, "createPackageLink", { request });
    const actor = await readPerson();
    if (!actor) throw new AppError("UNAUTHENTICATED", "Use `audit-db login` first.");
    const secret = new URL(made.link, "http://console").searchParams.get("link") ?? "";
    const console = consoleDb();
    const opened = await openDownload(console, request, secret, new Date());
    const stream = handle.createWriteStream({ flush: true });
    const auditTargets = context.env.targets.map(({ name }) => name);
    await sendPackage({ console, actor, auditTargets }, opened, stream, new AbortController().signal);
    context.out.document({ file, bytes: made.bytes, sha256: made.sha256 });
    context.out.line(`${file}: ${made.bytes} bytes, SHA-256 ${made.sha256}. It is deleted from the console.`);
  } catch (thrown) {
    await handle.close().catch(() => {});
    await rm(file, { force: true });
    throw thrown;
  }
}
