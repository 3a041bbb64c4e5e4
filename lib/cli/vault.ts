import path from "node:path";
import { SingleBar } from "cli-progress";
import { Command } from "commander";
import {
  createMasterKeyFile,
  type FileMasterKeys,
  openMasterKeyFile,
} from "../audit-db/vault/file-master-keys.ts";
import { closeConsoleDb, consoleDb } from "../db/console-db.ts";
import { AppError } from "../errors.ts";
import { countSubjects } from "../key-store/count-subjects.ts";
import { keepMasterKeys } from "../key-store/keep-master-keys.ts";
import { listMasterKeys } from "../key-store/rotate-master-key.ts";
import { action, type CliContext } from "./command.ts";
import { timeText } from "./format.ts";
import { runVerb } from "./run-verb.ts";

export function vaultCommand(): Command {
  const command = new Command("vault").description("keys that encrypt people's data in events");
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
    .description("master keys with their age and what they wrap, and how many people have keys")
    .action(action(tellStatus));
  command
    .command("rotate")
    .description("make a new master key now and wrap every data key under it")
    .action(action(rotate));
  return command;
}

async function tellStatus(context: CliContext): Promise<void> {
  const { out, env } = context;
  const inFile = new Set(await masterKeysOf(context).ids());
  context.atEnd(closeConsoleDb);
  const { sql } = consoleDb();
  const [masterKeys, subjects] = [await listMasterKeys(sql), await countSubjects(sql)];
  out.document({ masterKeys, subjects, rotationDays: env.MASTER_KEY_ROTATION_DAYS });
  out.line(
    `${subjects.active.toLocaleString("en")} people have a key, ` +
      `${subjects.erasing.toLocaleString("en")} are being erased, ${subjects.erased.toLocaleString("en")} are erased.`,
  );
  out.line(`Master keys are replaced so that each is gone after ${env.MASTER_KEY_ROTATION_DAYS} days.\n`);
  out.table(
    ["master key", "state", "since", "wraps", "destroyed", "in the file"],
    masterKeys.map(({ id, state, createdAt, subjects: wraps, destroyedAt, destroyAfter }) => [
      id,
      state,
      timeText(createdAt),
      wraps,
      destroyedAt ? timeText(destroyedAt) : destroyAfter ? `due ${timeText(destroyAfter)}` : "",
      inFile.has(id) ? "yes" : "no",
    ]),
  );
  const missing = masterKeys.filter(({ id, subjects: wraps }) => wraps > 0 && !inFile.has(id));
  for (const { id, subjects: wraps } of missing)
    out.line(`\n${wraps} keys do not open: ${id} is not in the master key file. Restore its backup.`);
}

async function rotate(context: CliContext): Promise<void> {
  const { out, env } = context;
  const masterKeys = masterKeysOf(context);
  const { id } = await runVerb(context, "rotateMasterKey", {});
  out.line(`${id} is the active master key.`);
  let bar: SingleBar | undefined;
  try {
    const { left, destroyed } = await keepMasterKeys(consoleDb().sql, masterKeys, {
      rotationDays: env.MASTER_KEY_ROTATION_DAYS,
      onProgress(left) {
        bar ??= startBar(out.json, left);
        bar?.update(bar.getTotal() - left);
      },
    });
    bar?.stop();
    out.document({ id, left, destroyed });
    out.line(
      "Every data key is wrapped under it. The old one stays in the file until the worker destroys it;",
    );
    out.line("see `audit-db vault status`. Back the master key file up now.");
  } finally {
    bar?.stop();
  }
}

function startBar(json: boolean, total: number): SingleBar | undefined {
  if (json || !process.stderr.isTTY) return undefined;
  const bar = new SingleBar({ format: "{bar} {percentage} % of the keys", stream: process.stderr });
  bar.start(total, 0);
  return bar;
}

function masterKeysOf({ env }: CliContext): FileMasterKeys {
  if (env.MASTER_KEY_FILE) return openMasterKeyFile(env.MASTER_KEY_FILE);
  throw new AppError("UNSUPPORTED", "There is no master key.", {
    hint: "Make one with `audit-db vault init FILE` and set MASTER_KEY_FILE.",
  });
}
