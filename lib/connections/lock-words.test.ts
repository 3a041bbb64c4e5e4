import { expect, test } from "vitest";
import { heldInWords, waitedForInWords } from "./lock-words.ts";

const lock = (lockType: string, mode: string, relation: string | null = null) => ({
  lockType,
  mode,
  relation,
});

test("what is waited for is said in words, a row never as a lock on its table", () => {
  const words = (target: ReturnType<typeof lock>, ...holders: string[]) => waitedForInWords(target, holders);
  expect(words(lock("transactionid", "ShareLock", "public.t"), "pid 7")).toBe(
    "a row of public.t held by pid 7 until its transaction ends",
  );
  expect(words(lock("transactionid", "ShareLock", "public.t"), "pid 7", "pid 8")).toBe(
    "a row of public.t held by pid 7 and pid 8 until their transactions end",
  );
  expect(words(lock("transactionid", "ShareLock"), "pid 7")).toBe("the end of the transaction of pid 7");
  expect(words(lock("virtualxid", "ShareLock"), "pid 7")).toBe("the end of the transaction of pid 7");
  expect(words(lock("tuple", "ExclusiveLock", "public.t"), "pid 7")).toBe(
    "its turn at a row of public.t, after pid 7",
  );
  expect(words(lock("relation", "AccessShareLock", "public.t"), "pid 7")).toBe(
    "AccessShareLock on public.t held by pid 7",
  );
  expect(words(lock("advisory", "ExclusiveLock"))).toBe(
    "an advisory lock (ExclusiveLock) held by another session",
  );
  expect(words(lock("extend", "ExclusiveLock", "public.t"), "pid 7")).toBe(
    "the right to extend public.t held by pid 7",
  );
});

test("what is held is said in words", () => {
  const words = (target: ReturnType<typeof lock>, granted = true) => heldInWords({ ...target, granted });
  expect(words(lock("transactionid", "ExclusiveLock", "public.t"))).toBe(
    "a row of public.t until its transaction ends",
  );
  expect(words(lock("transactionid", "ExclusiveLock"))).toBe("rows until its transaction ends");
  expect(words(lock("virtualxid", "ExclusiveLock"))).toBe("its transaction open");
  expect(words(lock("tuple", "ExclusiveLock", "public.t"))).toBe("the next turn at a row of public.t");
  expect(words(lock("relation", "AccessExclusiveLock", "public.t"), false)).toBe(
    "an earlier place in the queue for AccessExclusiveLock on public.t",
  );
});
