import { sessionCookie } from "../e2e/support/actions.ts";
import { createToken } from "../e2e/support/api-token.ts";
import { mark } from "../e2e/support/arbitrary-input.ts";
import { fuzz } from "../e2e/support/fuzz.ts";
import { addPerson } from "../e2e/support/people.ts";
import setup from "../e2e/support/setup.ts";
import { enterWorld, world } from "../e2e/support/world.ts";
import { openConsoleDb } from "../lib/db/console-db.ts";
import { report, step } from "./support/report.ts";

/**
 * Generated calls of the whole API, of every read and of every verb, to the built product: the share that was answered
 * with 5xx, with an unexpected error, with words it should not tell, or after more than 2 s. Ten rounds of 10,000, each
 * with a seed of its own, which is printed: the same seed makes the same calls.
 */
const rounds = 10;
const callsEach = 10_000;

const teardown = await setup();
await enterWorld("worker 0");
try {
  const person = { email: `${mark}@example.test`, password: "nine grey herons at noon" };
  const console = openConsoleDb(world().consoleUrl, { max: 1 });
  await addPerson(console, { role: "admin", ...person });
  await console.close();
  const tokens = [await createToken("bench"), await createToken("bench append", { scope: "append" })];
  let [calls, bad] = [0, 0];
  for (let round = 1; round <= rounds; round++) {
    const seed = Date.now() % 2 ** 31;
    // A session lasts a day; a fresh one for each round all the same, as verbs end sessions.
    const as = { tokens, cookie: await sessionCookie(person) };
    const result = await fuzz({ calls: callsEach, seed, as });
    calls += result.calls;
    bad += result.faults.length + result.slow.length;
    step(`round ${round}, seed ${seed}: ${JSON.stringify(result.statuses)}`);
    for (const fault of result.faults.slice(0, 5)) step(`  fault: ${fault}`);
    for (const slow of result.slow.slice(0, 5)) step(`  over 2 s: ${slow}`);
  }
  report({
    name: "fuzz",
    ratio: bad / calls,
    aim: "<= 0.00",
    ours: `${bad} of ${calls} calls failed or took over 2 s`,
    other: "none",
  });
} finally {
  await teardown();
}
