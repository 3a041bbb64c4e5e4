import { expect, test } from "vitest";
import { isWholeRun, picks } from "./whole-run.ts";

const files = ["/a.db.test.ts", "/b.db.test.ts"];
const ran = files.map((moduleId) => ({ moduleId, ok: true, picked: false }));

test("a run is whole when each file ended well, whatever else was run beside", () => {
  expect(isWholeRun(files, ran, undefined)).toBe(true);
  expect(isWholeRun(files, [...ran, { moduleId: "/c.test.ts", ok: false, picked: true }], undefined)).toBe(
    true,
  );
});

test("a part of the files, of their tests, a failure or no files at all is no whole run", () => {
  expect(isWholeRun(files, ran.slice(1), undefined)).toBe(false);
  expect(isWholeRun(files, ran, /deadlock/)).toBe(false);
  for (const part of [{ ok: false }, { picked: true }])
    expect(
      isWholeRun(
        files,
        ran.map((file, i) => (i === 0 ? { ...file, ...part } : file)),
        undefined,
      ),
    ).toBe(false);
  expect(isWholeRun([], [], undefined)).toBe(false);
});

test("a file picks when one of its tests or groups is the only one", () => {
  const only = "only";
  for (const source of [
    `test.${only}("a", f)`,
    `describe.concurrent.${only}("a", f)`,
    `  it.${only}.each([1])`,
  ])
    expect(picks(source)).toBe(true);
  for (const source of ['test("the only one", f)', "test.runIf(namespaces)", "readonly.only"])
    expect(picks(source)).toBe(false);
});
