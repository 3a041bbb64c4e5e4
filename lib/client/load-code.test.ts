import { expect, test } from "vitest";
import { loadCode } from "./load-code.ts";
import { notices } from "./notices.ts";

const failing = (times: number) => {
  let tries = 0;
  return {
    tries: () => tries,
    load: async () => {
      if (++tries <= times) throw new Error("ChunkLoadError");
      return "code";
    },
  };
};
const waits: number[] = [];
const wait = async (milliseconds: number) => void waits.push(milliseconds);

test("code that a console that is away does not serve is asked for until it comes, and no reload is asked for", async () => {
  const { load, tries } = failing(20);
  expect(await loadCode(load, { answers: async () => false, wait })).toBe("code");
  expect(tries()).toBe(21);
  expect(waits).toEqual(Array(20).fill(1_000));
  expect(notices.get().reloadNeeded).toBe(false);
});

test("refused twice by a console that answers it still comes; refused three times the build has gone: reload", async () => {
  const answers = async () => true;
  expect(await loadCode(failing(2).load, { answers, wait })).toBe("code");
  expect(notices.get().reloadNeeded).toBe(false);
  await loadCode(failing(3).load, { answers, wait });
  expect(notices.get().reloadNeeded).toBe(true);
});
