import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { followJob } from "./follow-job.ts";

/** As much of the browser as a stream needs; nothing travels. */
class Source extends EventTarget {
  readyState = 1;
  readonly url: string;
  constructor(url: string) {
    super();
    this.url = url;
  }
  close() {
    this.readyState = 2;
  }
  say(event: string, data: unknown = {}) {
    this.dispatchEvent(Object.assign(new Event(event), { data: JSON.stringify(data) }));
  }
}

let page: EventTarget & { visibilityState: string };
let sources: Source[];
let states: string[];
let lines: string[];
let heldWhileHidden: boolean;
let stop: () => void;

beforeEach(() => {
  vi.useFakeTimers();
  page = Object.assign(new EventTarget(), { visibilityState: "visible" });
  vi.stubGlobal("document", page);
  [sources, states, lines] = [[], [], []];
  heldWhileHidden = false;
  const said = () => (lines.length === 0 ? null : lines.length);
  stop = followJob(
    "id",
    said,
    {
      onJob: (job) => states.push(`job ${job.createdAt instanceof Date}`),
      onLog: (line) => lines.push(line.message),
      onState: (state) => states.at(-1) !== state && states.push(state),
    },
    {
      whileHidden: () => heldWhileHidden,
      open: (url) => {
        const source = new Source(url);
        sources.push(source);
        return source as unknown as EventSource;
      },
    },
  );
});
afterEach(() => {
  stop();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const open = () => sources.filter(({ readyState }) => readyState !== 2);
function show(state: "visible" | "hidden") {
  page.visibilityState = state;
  page.dispatchEvent(new Event("visibilitychange"));
}

test("tells jobs with their instants as dates, lines, and the end, and holds nothing afterwards", () => {
  expect(sources.map(({ url }) => url)).toEqual(["/api/v1/jobs/id/events"]);
  sources[0]?.say("log", { seq: 1, message: "one" });
  sources[0]?.say("job", { createdAt: "2026-11-27T10:00:00.000Z" });
  sources[0]?.say("end");
  expect([states, lines]).toEqual([["open", "job true", "ended"], ["one"]]);
  vi.advanceTimersByTime(120_000);
  expect([open(), sources.length]).toEqual([[], 1]);
});

test("one that says nothing within five seconds cannot be had, and is tried again after twenty", () => {
  vi.advanceTimersByTime(4_999);
  expect(states).toEqual([]);
  vi.advanceTimersByTime(1);
  expect([states, open()]).toEqual([["broken"], []]);
  vi.advanceTimersByTime(20_000);
  expect(open()).toHaveLength(1);
  sources[1]?.say("job");
  expect(states).toEqual(["broken", "open", "job false"]);
});

test("one that falls silent is left after forty seconds, and goes on behind its last line", () => {
  sources[0]?.say("log", { seq: 1, message: "one" });
  vi.advanceTimersByTime(39_000);
  sources[0]?.say("beat");
  vi.advanceTimersByTime(39_999);
  expect(open()).toHaveLength(1);
  vi.advanceTimersByTime(1);
  expect([states, open()]).toEqual([["open", "broken"], []]);
  vi.advanceTimersByTime(20_000);
  expect(open().map(({ url }) => url)).toEqual(["/api/v1/jobs/id/events?after=1"]);
});

test("what is refused is left, and one that the browser mends is kept", () => {
  const [first] = sources;
  first?.say("job");
  Object.assign(first ?? {}, { readyState: 0 });
  first?.dispatchEvent(new Event("error"));
  expect([states.at(-1), sources.length]).toEqual(["broken", 1]);
  first?.say("job");
  expect(states.at(-2)).toBe("open");
  first?.say("refused");
  expect([states.at(-1), open()]).toEqual(["broken", []]);
});

test("a hidden tab holds no stream, and begins anew when it is shown", () => {
  sources[0]?.say("log", { seq: 1, message: "one" });
  show("hidden");
  vi.advanceTimersByTime(600_000);
  expect([open(), sources.length, states]).toEqual([[], 1, ["open"]]);
  show("visible");
  expect(open().map(({ url }) => url)).toEqual(["/api/v1/jobs/id/events?after=1"]);
});

test("one that is wanted in a hidden tab too goes on there, for as long as it is", () => {
  heldWhileHidden = true;
  show("hidden");
  sources[0]?.say("log", { seq: 1, message: "told while hidden" });
  expect([lines, open().length]).toEqual([["told while hidden"], 1]);
  heldWhileHidden = false;
  show("hidden");
  expect(open()).toEqual([]);
});
