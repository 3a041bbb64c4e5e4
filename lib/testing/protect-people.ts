import { openMasterKeyFile } from "../audit-db/vault/file-master-keys.ts";
import { openConsoleDb } from "../db/console-db.ts";
import { vaultOn } from "../key-store/open-vault.ts";
import { testPlace } from "./vault.ts";

/**
 * A process of its own that protects people under two policies and prints their tokens by id and policy as JSON:
 * `node protect-people.ts CONSOLE_URL MASTER_KEY_FILE FIRST COUNT`.
 */
const [url = "", file = "", first = "0", count = "0"] = process.argv.slice(2);
const console_ = openConsoleDb(url, { max: 4 });
const vault = vaultOn(console_, openMasterKeyFile(file));
// All ids in several calls at once, from the given place on and around.
const ids = Array.from({ length: Number(count) }, (_, at) => `user-${(at + Number(first)) % Number(count)}`);
const calls: string[][] = [];
for (let at = 0; at < ids.length; at += 20) calls.push(ids.slice(at, at + 20));
const answers = await Promise.all(
  calls.map(async (call) => {
    const people = call.flatMap((id) =>
      ["standard", "phi"].map((policy) => ({ ...testPlace, policy, person: { id }, context: "test" })),
    );
    const sealed = await vault.protect(people);
    return people.map(({ person, policy }, at) => [`${person.id} ${policy}`, sealed[at]?.token] as const);
  }),
);
process.stdout.write(JSON.stringify(Object.fromEntries(answers.flat())));
await vault.close();
await console_.close();
