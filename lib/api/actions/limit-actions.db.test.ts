import { afterAll, beforeAll, expect, test } from "vitest";
import { toAppError } from "../../errors.ts";
import { pruneConsole } from "../../jobs/prune-console.ts";
import { createConsole } from "../../testing/people.ts";
import { countAction } from "./limit-actions.ts";

let given: Awaited<ReturnType<typeof createConsole>>;
beforeAll(async () => {
  given = await createConsole();
});
afterAll(() => given.drop());

const token = { kind: "token", id: "01900000-0000-7000-8000-000000000001" } as const;
const count = (actor: { kind: "token" | "user"; id: string } = token) =>
  countAction(given.console.db, actor, 5).then(
    () => "ok",
    (thrown) => toAppError(thrown).code,
  );

test("of any number at the same moment no more than the limit come through, each caller counted by itself", async () => {
  const answers = await Promise.all(Array.from({ length: 20 }, () => count()));
  expect(answers.filter((answer) => answer === "ok")).toHaveLength(5);
  expect(new Set(answers)).toEqual(new Set(["ok", "RATE_LIMITED"]));
  expect(await count({ ...token, kind: "user" })).toBe("ok");
  await expect(countAction(given.console.db, token, 5)).rejects.toMatchObject({
    code: "RATE_LIMITED",
    retryAfterSeconds: expect.toSatisfy((seconds: number) => seconds >= 1 && seconds <= 60),
  });
});

test("a minute later it begins anew, and what is over is pruned", async () => {
  await given.test.sql`update sign_in_guesses set expire = now() - interval '1 second'`;
  expect(await count()).toBe("ok");
  await pruneConsole(given.console);
  expect(await given.test.sql`select key from sign_in_guesses`).toEqual([
    { key: `action:token:${token.id}` },
  ]);
});
