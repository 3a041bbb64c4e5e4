import { randomUUID } from "node:crypto";
import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { z } from "zod";
import { AppError } from "../../errors.ts";

const stateSchema = z.object({
  key: z.string(),
  sizeBytes: z.number(),
  modifiedMs: z.number(),
  nextBatch: z.number().int(),
  counts: z.record(z.string(), z.number()),
});

/** How far an import has come; the file beside the imported one, gone once it is through. */
export type ImportState = z.infer<typeof stateSchema>;

export interface ImportProgress {
  state: ImportState;
  /** Whether an earlier run began it. */
  resumed: boolean;
  save(): void;
  finish(): void;
}

/**
 * The progress of importing `file`: a new one, or what an interrupted run left.
 * @throws AppError NOT_FOUND, CONFLICT when the file has changed since
 */
export function openImport(file: string, options: { restart: boolean }): ImportProgress {
  const { size, mtimeMs } = statFile(file);
  const path = `${file}.import-state.json`;
  const found = options.restart ? null : readState(path);
  if (found && (found.sizeBytes !== size || found.modifiedMs !== mtimeMs))
    throw new AppError("CONFLICT", `${file} has changed since its import was interrupted.`, {
      hint: `Import the file as it was, or begin anew with --restart; events without an id that were stored already would then be stored twice.`,
    });
  const state = found ?? {
    key: randomUUID(),
    sizeBytes: size,
    modifiedMs: mtimeMs,
    nextBatch: 0,
    counts: {},
  };
  const save = () => {
    writeFileSync(`${path}.new`, JSON.stringify(state), { mode: 0o600 });
    renameSync(`${path}.new`, path);
  };
  save();
  return { state, resumed: found !== null, save, finish: () => rmSync(path, { force: true }) };
}

function statFile(file: string): { size: number; mtimeMs: number } {
  try {
    const stat = statSync(file);
    if (stat.isFile()) return stat;
  } catch {}
  throw new AppError("NOT_FOUND", `There is no file ${file}.`);
}

function readState(path: string): ImportState | null {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return null;
  }
  try {
    return stateSchema.parse(JSON.parse(text));
  } catch {
    throw new AppError("CONFLICT", `${path} is damaged, so how far the import came is not known.`, {
      hint: "Events with ids can be imported again without doubling: --restart.",
    });
  }
}
