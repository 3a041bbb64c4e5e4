import { expect, test } from "vitest";
import { hashPassword, oneTimePassword, passwordProblem, verifyPassword } from "./passwords.ts";

test("weak passwords are refused with the reason, good ones pass", async () => {
  const email = "marta.keller@example.test";
  for (const [password, problem] of [
    ["short", /at least 12/],
    ["x".repeat(300), /at most 256/],
    ["marta.keller@example.test", /e-mail/],
    ["Marta.Keller1", /e-mail/],
    ["aaaabbbbaaaabbbb", /different/],
    ["Password-1234", /first passwords/],
    ["correct horse battery staple", /first passwords/],
  ] as const) {
    expect(await passwordProblem(password, email), password).toMatch(problem);
  }
  expect(await passwordProblem("three quiet lamps", email)).toBeNull();
  expect(await passwordProblem(oneTimePassword(), email)).toBeNull();
});

test("a stored password is argon2id, salted, and survives another Unicode form of the same text", async () => {
  const [first, second] = await Promise.all([
    hashPassword("crème brûlée 12"),
    hashPassword("crème brûlée 12"),
  ]);
  expect(first).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(first).not.toBe(second);
  expect(await verifyPassword(first, "crème brûlée 12".normalize("NFD"))).toBe(true);
  expect(await verifyPassword(first, "creme brulee 12")).toBe(false);
});

test("without an account it does the same work and answers no", async () => {
  const stored = await hashPassword("three quiet lamps");
  await verifyPassword(null, "warm up");
  const time = async (hash: string | null) => {
    const times: number[] = [];
    for (let i = 0; i < 7; i += 1) {
      const start = performance.now();
      expect(await verifyPassword(hash, "three quiet lamps")).toBe(hash !== null);
      times.push(performance.now() - start);
    }
    return times.sort((a, b) => a - b)[3] ?? 0;
  };
  const [known, unknown] = [await time(stored), await time(null)];
  expect(unknown).toBeGreaterThan(known / 4);
});
