import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createVault } from "../audit-db/vault/create-vault.ts";
import { createMasterKeyFile, openMasterKeyFile } from "../audit-db/vault/file-master-keys.ts";
import type { KeyPlace, Vault } from "../audit-db/vault/types.ts";
import { createKeyStore } from "../key-store/key-store.ts";
import { createDatabase, type TestDatabase } from "./database.ts";

/** Where a test's person has their key, where it does not matter. */
export const testPlace: KeyPlace = { target: "audit", policy: "standard" };

/** A vault on a console database and a master key file of its own. */
export interface TestVault {
  vault: Vault;
  console: TestDatabase;
  masterKeyFile: string;
  drop(): Promise<void>;
}

export async function createTestVault(): Promise<TestVault> {
  const folder = mkdtempSync(path.join(tmpdir(), "audit-test-vault-"));
  const masterKeyFile = path.join(folder, "master-key.json");
  createMasterKeyFile(masterKeyFile);
  const console = await createDatabase({ template: "console" });
  const vault = createVault({
    keyStore: createKeyStore(console.sql),
    masterKeys: openMasterKeyFile(masterKeyFile),
  });
  return {
    vault,
    console,
    masterKeyFile,
    async drop() {
      await vault.close();
      await console.drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
