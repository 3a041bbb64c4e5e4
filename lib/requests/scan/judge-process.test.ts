import { expect, test } from "vitest";
import { judgeProcess } from "./judge-process.ts";

const now = new Date("2026-11-01T12:00:00Z");
const ago = (seconds: number) => new Date(now.getTime() - seconds * 1_000);
const instance = { host: "h", pid: 7, session: 4711, silent: true, heartbeatAt: ago(30) };
const facts = { sessions: [{ since: ago(90) }], now, isRunning: () => false };

test("one whose session ended is gone at once, where the server has gone on", () => {
  expect(judgeProcess(instance, facts)).toBe("ended");
  expect(judgeProcess({ ...instance, silent: false, heartbeatAt: ago(1) }, facts)).toBe("ended");
});

test("of another host nobody knows more than that its session ended: whoever ended it need not have ended the process", () => {
  expect(judgeProcess(instance, { ...facts, isRunning: () => null })).toBe("cut_off");
  expect(judgeProcess({ ...instance, session: null }, { ...facts, isRunning: () => null })).toBe("waits");
});

test("one that may be frozen is waited for: the server began anew, it never had a session, or it is seen to run", () => {
  // Every session is younger than what was heard of it last: all of them ended with the server's restart.
  expect(judgeProcess(instance, { ...facts, sessions: [{ since: ago(20) }] })).toBe("waits");
  expect(judgeProcess(instance, { ...facts, sessions: [] })).toBe("waits");
  expect(judgeProcess({ ...instance, session: null }, facts)).toBe("waits");
  expect(judgeProcess(instance, { ...facts, isRunning: () => true })).toBe("waits");
});

test("after ten minutes of silence it is listed", () => {
  const frozen = { ...instance, session: null };
  expect(judgeProcess({ ...frozen, heartbeatAt: ago(600) }, facts)).toBe("waits");
  expect(judgeProcess({ ...frozen, heartbeatAt: ago(601) }, facts)).toBe("silent");
  expect(judgeProcess({ ...frozen, heartbeatAt: ago(601), silent: false }, facts)).toBe("waits");
});
