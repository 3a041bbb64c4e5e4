import { like } from "drizzle-orm";
import { uuidV7 } from "../lib/audit-db/append/uuid-v7.ts";
import { schema } from "../lib/db/schema.ts";
import { sessionCookie } from "./support/actions.ts";
import { expect, test } from "./support/api-test.ts";
import { createToken } from "./support/api-token.ts";
import { mark } from "./support/arbitrary-input.ts";
import { fuzz } from "./support/fuzz.ts";
import { addPerson } from "./support/people.ts";

// Thousands of calls: as long as they take where cores are busy.
test.describe.configure({ timeout: 180_000 });

const password = "nine grey herons at noon";

test("2,000 generated calls of the API, the reads and the verbs: no 5xx, no stack, no SQL, no caller's word in the log", async ({
  console,
  tokens,
}) => {
  const email = `${mark}-${uuidV7()}@example.test`;
  await addPerson(console, { role: "admin", email, password });
  try {
    const as = {
      tokens: [tokens.all, await createToken(`${mark} append`, { scope: "append" })],
      cookie: await sessionCookie({ email, password }),
    };
    const { calls, faults, statuses } = await fuzz({ calls: 2_000, seed: 20_260_301, as });
    expect(faults.slice(0, 10), `${faults.length} faults`).toEqual([]);
    expect(calls).toBeGreaterThanOrEqual(2_000);
    // They are no good if every one of them is refused at the door.
    expect(statuses[200] ?? 0).toBeGreaterThan(200);
    expect(statuses[400] ?? 0).toBeGreaterThan(200);
  } finally {
    await console.db.delete(schema.signInGuesses);
    await console.db.delete(schema.apiTokens).where(like(schema.apiTokens.name, `${mark}%`));
    await console.db.delete(schema.users).where(like(schema.users.email, `${mark}%`));
  }
});
