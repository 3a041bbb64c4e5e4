import { randomBytes } from "node:crypto";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { createMasterKeyFile, openMasterKeyFile } from "./file-master-keys.ts";

const folder = mkdtempSync(path.join(tmpdir(), "master-keys-"));
let made = 0;

function newFile(): string {
  const file = path.join(folder, `${made++}.json`);
  createMasterKeyFile(file);
  return file;
}

afterAll(() => rmSync(folder, { recursive: true }));

describe("the master key file", () => {
  test("is made once, for its owner alone, and leaves nothing else behind", () => {
    const file = newFile();
    const text = readFileSync(file, "utf8");
    expect(createMasterKeyFile(file)).toBe(false);
    expect(readFileSync(file, "utf8")).toBe(text);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder).filter((name) => name.endsWith(".new"))).toEqual([]);
  });

  test("is refused when others may read it, with the command that mends it", async () => {
    const file = newFile();
    chmodSync(file, 0o640);
    await expect(openMasterKeyFile(file).activeId()).rejects.toMatchObject({
      code: "UNAVAILABLE",
      hint: `Run: chmod 600 ${file}`,
    });
  });

  test("that is not there or damaged is named without its content", async () => {
    const missing = openMasterKeyFile(path.join(folder, "none.json"));
    await expect(missing.activeId()).rejects.toThrow("is not there");
  });

  test("wraps keys that open again, and only for what they were wrapped for", async () => {
    const keys = openMasterKeyFile(newFile());
    const key = randomBytes(32);
    const wrapped = await keys.wrap(key, "p_1");
    expect(wrapped.wrappedKey.includes(key)).toBe(false);
    expect(await keys.unwrap(wrapped, "p_1")).toEqual(key);
    await expect(keys.unwrap(wrapped, "p_2")).rejects.toMatchObject({ code: "UNAVAILABLE" });
    const other = openMasterKeyFile(newFile());
    await expect(other.unwrap(wrapped, "p_1")).rejects.toThrow("is not in the master key file");
  });

  test("a key added by one process is the active one of every other; one destroyed opens nothing more", async () => {
    const file = newFile();
    const [one, other] = [openMasterKeyFile(file), openMasterKeyFile(file)];
    const before = await other.wrap(randomBytes(32), "p_1");
    const id = await one.addKey();
    expect(await other.activeId()).toBe(id);
    expect((await other.wrap(randomBytes(32), "p_1")).masterKeyId).toBe(id);
    expect(await other.unwrap(before, "p_1")).toHaveLength(32);
    await expect(one.destroyKey(id)).rejects.toMatchObject({ code: "CONFLICT" });
    await one.destroyKey(before.masterKeyId);
    await expect(other.unwrap(before, "p_1")).rejects.toMatchObject({ code: "UNAVAILABLE" });
    expect(readFileSync(file, "utf8")).not.toContain(before.masterKeyId);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });
});
