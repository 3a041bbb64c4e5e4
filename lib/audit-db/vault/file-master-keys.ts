import { randomBytes, randomUUID } from "node:crypto";
import {
  closeSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { z } from "zod";
import { AppError } from "../../errors.ts";
import type { MasterKeyRing } from "./types.ts";
import { unwrapKey, wrapKey } from "./wrap.ts";

const fileSchema = z.object({
  active: z.string(),
  keys: z.record(z.string(), z.object({ key: z.string(), createdAt: z.iso.datetime() })),
});
type KeyFile = z.infer<typeof fileSchema>;

/** Makes the file with one key unless it is there; safe with several processes at once. @returns whether it did */
export function createMasterKeyFile(file: string): boolean {
  const id = randomUUID();
  const draft = `${file}.${process.pid}.new`;
  writeFileSync(draft, serialise({ active: id, keys: { [id]: newKey() } }), { mode: 0o600 });
  try {
    // A link, unlike a rename, fails when the file is there already.
    linkSync(draft, file);
    return true;
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== "EEXIST") throw thrown;
    return false;
  } finally {
    rmSync(draft, { force: true });
  }
}

/**
 * Master keys in a JSON file that only its owner may read. Read again when it has changed, so that a rotation by
 * one process reaches the others.
 */
export function openMasterKeyFile(file: string): MasterKeyRing {
  let loaded: { content: KeyFile; stamp: string } | undefined;

  function load(): KeyFile {
    try {
      const stat = statSync(file);
      if ((stat.mode & 0o077) !== 0)
        throw unavailable("can be read by others than its owner", `Run: chmod 600 ${file}`);
      const stamp = `${stat.ino} ${stat.mtimeMs} ${stat.size}`;
      if (loaded?.stamp !== stamp)
        loaded = { stamp, content: fileSchema.parse(JSON.parse(readFileSync(file, "utf8"))) };
      return loaded.content;
    } catch (thrown) {
      if (thrown instanceof AppError) throw thrown;
      const missing = (thrown as NodeJS.ErrnoException).code === "ENOENT";
      throw unavailable(missing ? "is not there" : "cannot be read", "Restore it from its backup.", thrown);
    }
  }

  function unavailable(what: string, hint: string, cause?: unknown): AppError {
    return new AppError("UNAVAILABLE", `The master key file ${what}.`, { cause, hint });
  }

  function save(content: KeyFile): void {
    const draft = `${file}.${process.pid}.new`;
    writeFileSync(draft, serialise(content), { mode: 0o600, flush: true });
    renameSync(draft, file);
    // The rename itself is on disk only when the folder is: a key must not be lost after something was wrapped by it.
    const folder = openSync(path.dirname(file), "r");
    fsyncSync(folder);
    closeSync(folder);
  }

  function keyOf(id: string): Buffer {
    const entry = load().keys[id];
    if (entry) return Buffer.from(entry.key, "base64");
    throw new AppError("UNAVAILABLE", `The master key ${id} is not in the master key file.`, {
      hint: "Restore the file's backup that has it; if that key was destroyed, what it wrapped is gone for good.",
    });
  }

  return {
    activeId: async () => load().active,
    ids: async () => Object.keys(load().keys),
    async wrap(key, context) {
      const masterKeyId = load().active;
      const masterKey = keyOf(masterKeyId);
      const wrappedKey = wrapKey(key, masterKey, context);
      masterKey.fill(0);
      return { masterKeyId, wrappedKey };
    },
    async unwrap({ masterKeyId, wrappedKey }, context) {
      const masterKey = keyOf(masterKeyId);
      try {
        return unwrapKey(wrappedKey, masterKey, context);
      } catch (cause) {
        throw new AppError("UNAVAILABLE", `A key does not open under the master key ${masterKeyId}.`, {
          cause,
          hint: "It was changed in the console database, or the master key file is another installation's.",
        });
      } finally {
        masterKey.fill(0);
      }
    },
    async addKey(id = randomUUID()) {
      const { keys } = load();
      save({ active: id, keys: { ...keys, [id]: keys[id] ?? newKey() } });
      return id;
    },
    async destroyKey(id) {
      const { active, keys } = load();
      if (id === active)
        throw new AppError("CONFLICT", "The active master key cannot be destroyed; rotate first.");
      const { [id]: _, ...others } = keys;
      save({ active, keys: others });
    },
  };
}

function newKey(): KeyFile["keys"][string] {
  return { key: randomBytes(32).toString("base64"), createdAt: new Date().toISOString() };
}

function serialise(content: KeyFile): string {
  return `${JSON.stringify(content, null, 2)}\n`;
}
