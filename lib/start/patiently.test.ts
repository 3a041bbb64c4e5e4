import { expect, test } from "vitest";
import { AppError } from "../errors.ts";
import { type Patience, patiently } from "./patiently.ts";

const slow = () => new AppError("TIMEOUT", "The console database took too long over a statement.");

function asked(outcomes: (Error | "done")[], more: Partial<Patience> = {}) {
  const said: string[] = [];
  let n = 0;
  const work = async () => {
    const outcome = outcomes[Math.min(n++, outcomes.length - 1)];
    if (outcome instanceof Error) throw outcome;
    return outcome;
  };
  const answer = patiently(work, {
    say: (line) => said.push(line),
    signal: new AbortController().signal,
    after: ["TIMEOUT"],
    againMs: 0,
    ...more,
  });
  return { said, answer, times: () => n };
}

test("a database that is too slow at first is asked again, and that is said", async () => {
  const { answer, said, times } = asked([slow(), slow(), "done"]);
  expect(await answer).toBe("done");
  expect(times()).toBe(3);
  expect(said).toEqual(Array(2).fill("The console database took too long over a statement. Trying again"));
});

test("another error ends it at once, and so does one that stays, unless something came of it", async () => {
  const refused = new AppError("FORBIDDEN", "no");
  await expect(asked([refused, "done"]).answer).rejects.toBe(refused);
  await expect(asked([slow(), "done"], { patienceMs: 0 }).answer).rejects.toMatchObject({ code: "TIMEOUT" });
  let left = 2;
  expect(await asked([slow(), slow(), "done"], { patienceMs: 1, gotOn: () => left-- > 0 }).answer).toBe(
    "done",
  );
});

test("whoever stops it waits for nothing", async () => {
  const stopping = new AbortController();
  const { answer } = asked([slow()], { signal: stopping.signal, againMs: 60_000 });
  stopping.abort();
  expect(await answer).toBeUndefined();
});
