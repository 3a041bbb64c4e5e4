import path from "node:path";
import { Command } from "commander";
import { createMasterKeyFile } from "../../audit-db/vault/file-master-keys.ts";
import { closeConsoleDb, consoleDb } from "../../db/console-db.ts";
import { AppError } from "../../errors.ts";
import { countSubjects } from "../../key-store/count-subjects.ts";
import { findLostKeys } from "../../key-store/find-lost-keys.ts";
import { openMasterKeys } from "../../key-store/open-master-keys.ts";
import { listMasterKeys } from "../../key-store/rotate-master-key.ts";
import type { Rotation } from "../../privacy/keys/rotate-master-key-job.ts";
import { action, type CliContext } from "../command.ts";
import { timeText } from "../output/format.ts";
import { runVerb } from "../verbs/run-verb.ts";
import { runVerbJob, type WaitOptions, withNoWait } from "../verbs/run-verb-job.ts";

export function vaultCommand(): Command {
  const command = new Command("vault").description(
    "keys that encrypt people's data in events, and the key that signs",
  );
  command
    .command("init <file>")
    .description("make a master key file with one new key; refuses to touch one that is there")
    .action(
      action(async ({ out }, _options, [given = ""]) => {
        const file = path.resolve(given);
        if (!createMasterKeyFile(file))
          throw new AppError("CONFLICT", `${file} is there already, and is left as it is.`);
        out.document({ file });
        out.line(`Made ${file} (mode 0600). Set MASTER_KEY_FILE=${file} for every process of the console.`);
        out.line("Back it up apart from the console's database: without it nobody's data opens again.");
      }),
    );
  command
    .command("status")
    .description("master keys with their age and what they wrap, and how many people have keys, by state")
    .action(action(tellStatus));
  withNoWait(
    command.command("rotate").description("make a new master key now and wrap every key under it"),
  ).action(action<WaitOptions>(rotate));
  command
    .command("rotate-signing-key")
    .description("make a new signing key now; what the older ones signed stays verifiable")
    .action(
      action(async (context) => {
        const { kid, retired } = await runVerb(context, "rotateSigningKey", {});
        context.out.document({ kid, retired });
        context.out.line(`${kid} is the active signing key, as /api/v1/keys tells from now on.`);
        if (retired !== null) context.out.line(`${retired} signs nothing more; its public key stays there.`);
      }),
    );
  return command;
}

async function tellStatus(context: CliContext): Promise<void> {
  const { out, env } = context;
  const ring = openMasterKeys(env);
  const inFile = new Set(await ring.ids());
  context.atEnd(closeConsoleDb);
  const { sql } = consoleDb();
  const [masterKeys, subjects] = [await listMasterKeys(sql), await countSubjects(sql)];
  const { lost } = await findLostKeys(sql, ring);
  out.document({ masterKeys, subjects, lost, rotationDays: env.MASTER_KEY_ROTATION_DAYS });
  out.line(
    `${count(subjects.people)} people have ${count(subjects.active + subjects.kept)} keys, one for each target and ` +
      `retention policy: ${count(subjects.kept)} kept for a floor or a hold, ${count(subjects.erasing)} being erased, ` +
      `${count(subjects.erased)} erased.`,
  );
  out.line(`Master keys are replaced so that each is gone after ${env.MASTER_KEY_ROTATION_DAYS} days.\n`);
  out.table(
    ["master key", "state", "since", "people's keys", "secrets", "destroyed", "in the file"],
    masterKeys.map(({ id, state, createdAt, subjects, index, secrets, destroyedAt, destroyAfter }) => [
      id,
      state,
      timeText(createdAt),
      subjects,
      index + secrets,
      destroyedAt ? timeText(destroyedAt) : destroyAfter ? `due ${timeText(destroyAfter)}` : "",
      inFile.has(id) ? "yes" : "no",
    ]),
  );
  for (const { masterKeyId, count: keys } of lost)
    out.line(
      `\n${count(keys)} keys do not open: ${masterKeyId} is not in the master key file. Restore its backup.`,
    );
}

const count = (number: number) => number.toLocaleString("en");

async function rotate(context: CliContext, options: WaitOptions): Promise<void> {
  const { out, env } = context;
  openMasterKeys(env);
  const result = (await runVerbJob(context, "rotateMasterKey", {}, options)) as Rotation | undefined;
  if (!result) return;
  out.document(result);
  out.line(`${result.id} is the active master key, and every key is wrapped under it.`);
  out.line("The old one stays in the file until the worker destroys it; see `audit-db vault status`.");
  out.line("Back the master key file up now.");
}
