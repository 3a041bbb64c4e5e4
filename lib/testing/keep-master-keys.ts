import { openMasterKeyFile } from "../audit-db/vault/file-master-keys.ts";
import { openConsoleDb } from "../db/console-db.ts";
import { rewrapKeys } from "../key-store/rewrap-keys.ts";
import { rotateMasterKey } from "../key-store/rotate-master-key.ts";

/**
 * A process that rotates the master key and tells each batch on a line, to be killed in the middle:
 * `node keep-master-keys.ts CONSOLE_URL MASTER_KEY_FILE`.
 */
const [url = "", file = ""] = process.argv.slice(2);
const { sql } = openConsoleDb(url, { max: 1 });
const masterKeys = openMasterKeyFile(file);
await rotateMasterKey(sql, masterKeys);
let left = Number.POSITIVE_INFINITY;
while (left > 0) {
  left = await rewrapKeys(sql, masterKeys, 30);
  process.stdout.write(`${left}\n`);
  await new Promise((resolve) => setTimeout(resolve, 50));
}
