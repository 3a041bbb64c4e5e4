import { openMasterKeyFile } from "../audit-db/vault/file-master-keys.ts";
import { openConsoleDb } from "../db/console-db.ts";
import { rewrapKeys } from "../key-store/rewrap-keys.ts";
import { rotateMasterKey } from "../key-store/rotate-master-key.ts";

/**
 * A process that rotates the master key, wraps one batch, tells how much is left and waits there to be killed:
 * `node keep-master-keys.ts CONSOLE_URL MASTER_KEY_FILE`.
 */
const [url = "", file = ""] = process.argv.slice(2);
const { sql } = openConsoleDb(url, { max: 1 });
const masterKeys = openMasterKeyFile(file);
await rotateMasterKey(sql, masterKeys);
process.stdout.write(`${await rewrapKeys(sql, masterKeys, 30)}\n`);
setInterval(() => {}, 60_000);
